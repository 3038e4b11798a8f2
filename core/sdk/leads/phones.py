"""Phone numbers as people type them into forms, in their one international spelling."""

import re
import unicodedata

import phonenumbers

CHINESE_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LONGEST = 40


def full_phone(typed: str, *, region: str = "CN") -> str:
    """A phone number in E.164, such as +8613900000001; a number without a country code is read in `region`.

    "" for what is no number that a network could have: masked (138****0001), encrypted, too short, a WeChat name.
    """
    if len(typed) > LONGEST:
        return ""
    bare = re.sub(r"[\s().\-‐–—/]", "", unicodedata.normalize("NFKC", typed)).removeprefix("tel:")
    if region == "CN" and (mobile := CHINESE_MOBILE.fullmatch(bare)):
        return "+86" + mobile[1]
    if not re.fullmatch(r"\+?\d{6,17}", bare):
        return ""
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return ""
    is_real = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_real else ""
