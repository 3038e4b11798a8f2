"""Who bought: what a till or shop knows of a person, and the receipt, which knows nobody but can be told later."""

import unicodedata

from core.sdk import IdentityClaim

RECEIPT = "receipt"
"""The app of the weak identity that a receipt is: it joins the order's nameless buyer to whoever enters its number."""


def read_phone(text: str) -> IdentityClaim | None:
    """A phone with the country code where it is plainly a Chinese mobile; None for masked ones and for none."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    if any(char in "*#$•" for char in text):
        return None
    if len(digits) == 13 and digits.startswith("861"):
        digits = digits[2:]
    if len(digits) == 11 and digits.startswith("1"):
        return IdentityClaim(kind="phone", value=f"+86{digits}")
    if text.strip().startswith("+") and 8 <= len(digits) <= 15:
        return IdentityClaim(kind="phone", value=f"+{digits}")
    return None


def read_email(text: str) -> IdentityClaim | None:
    """An e-mail address; None for what is plainly none."""
    name, at, host = text.partition("@")
    return IdentityClaim(kind="email", value=text) if name and at and "." in host and len(text) <= 200 else None


def member_of(system: str, number: str) -> IdentityClaim | None:
    """A member or customer by the number that one system gave them."""
    return IdentityClaim(kind="customer_id", value=f"{system}:{number}"[:200]) if number not in ("", "0") else None


def receipt_of(number: str) -> IdentityClaim | None:
    """The buyer of the order that this number or code stands on; however it is typed."""
    plain = unicodedata.normalize("NFKC", number).upper()
    code = "".join(char for char in plain if char.isalnum())[:100]
    return IdentityClaim(kind="anonymous_id", value=code, app=RECEIPT) if len(code) >= 4 else None


def people_of(*claims: IdentityClaim | None) -> tuple[IdentityClaim, ...]:
    """The claims there are, each once."""
    return tuple(dict.fromkeys(claim for claim in claims if claim is not None))
