"""What may stand beside a touchpoint: a few short, non-personal words such as utm values.

Touchpoints are kept for years and copied to the lake, so what looks like a phone number or an e-mail
address is struck out here, whoever sent it (a referrer's query string is enough).
"""

import re
from collections.abc import Mapping

from core.errors import FieldError, Invalid

MAX_ENTRIES = 32
MAX_KEY = 60
MAX_TEXT = 1_000
STRUCK = "[removed]"
PERSONAL_KEYS = frozenset(
    {"phone", "mobile", "tel", "telephone", "email", "mail", "name", "firstname", "lastname", "username", "nickname"}
    | {
        "address",
        "street",
        "idcard",
        "id_card",
        "passport",
        "birthday",
        "ip",
        "手机",
        "手机号",
        "电话",
        "邮箱",
        "姓名",
        "地址",
    }
)
PERSONAL_TEXT = re.compile(
    r"[\w.+-]{1,64}(?:@|%40)[\w-]+\.[\w.-]+|(?<![\w.])(?:\+|%2[Bb])?(?:86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\w.])"
    r"|(?<!\w)(?:\+|%2[Bb])\d[\d -]{7,14}\d(?!\w)|(?<!\w)\d{17}[\dXx](?!\w)"
)

Scalar = str | int | float | bool | None


def clean_detail(detail: Mapping[str, object]) -> dict[str, object]:
    """The detail without personal values; raises `Invalid` where it is not small and flat."""
    if not detail:
        return {}
    if len(detail) > MAX_ENTRIES:
        raise Invalid(fields=[FieldError("detail", "too_many", f"at most {MAX_ENTRIES} entries, here {len(detail)}")])
    return {key[:MAX_KEY]: _clean(key, value) for key, value in detail.items()}


def _clean(key: str, value: object) -> object:
    if key.lower() in PERSONAL_KEYS and value not in (None, ""):
        return STRUCK
    if isinstance(value, str):
        return PERSONAL_TEXT.sub(STRUCK, value)[:MAX_TEXT]
    if isinstance(value, int):
        # A number long enough to be a phone number is judged as text; clicks and prices are short.
        return STRUCK if PERSONAL_TEXT.fullmatch(str(value)) else value
    if value is None or isinstance(value, float):
        return value
    raise Invalid(fields=[FieldError(f"detail.{key[:MAX_KEY]}", "not_flat", "use text, numbers, true, false or null")])
