"""What may name a person: the kinds of identity and the one spelling of each value.

Strong identities belong to a person; weak ones belong to a browser or a device. Nothing here
touches a database, so a file import can check a row before it asks who the row is about.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import phonenumbers

from core.errors import FieldError, Invalid

# In this order an identity decides whom a claim is about when it names several people:
# ids that a system minted come first, values that a family may share come last.
STRONG = ("customer_id", "platform_openid", "openid", "wecom_external_id", "unionid", "email", "phone")
WEAK = ("anonymous_id", "cookie", "device")
KINDS = STRONG + WEAK
RANK = {kind: rank for rank, kind in enumerate(KINDS)}
# These ids are minted by somebody: the same text under another app is another person.
NEEDS_APP = frozenset({"openid", "platform_openid"})

MAX_LENGTH = 256
CHINESE_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
EMAIL = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]+\.[^\s@,;<>\".]{2,}")
MASK_MARKS = ("*", "＊", "•")
PLACEHOLDERS = frozenset(
    {"", "-", "--", "0", "null", "nil", "none", "nan", "n/a", "na", "undefined", "unknown", "anonymous", "guest"}
    | {"[object object]", "test", "无", "匿名", "未知", "00000000-0000-0000-0000-000000000000"}
)


class IdentityClaim(NamedTuple):
    """What an event says about who it concerns, as it was written there. A tuple, because it is hashed all day."""

    kind: str
    value: str
    app: str | None = None


class Identity(NamedTuple):
    """A checked claim: `app` is empty where the kind needs none, `value` has its one spelling."""

    kind: str
    app: str
    value: str


class BadIdentity(Invalid):
    """A claim that cannot name anybody; `reason` is one of a closed list."""

    def __init__(self, kind: str, reason: str, message: str) -> None:
        super().__init__(fields=[FieldError(path=kind, code=f"identity_{reason}", message=message)])
        self.reason = reason


def normalise(claim: IdentityClaim, *, region: str = "CN") -> Identity:
    """The one spelling of a claim; raises `BadIdentity` with what is wrong with it."""
    if claim.kind not in RANK:
        raise BadIdentity("kind", "unknown_kind", f"{claim.kind!r} is no kind of identity; use {', '.join(KINDS)}")
    text = unicodedata.normalize("NFKC", claim.value).strip()
    app = (claim.app or "").strip()
    if text.casefold() in PLACEHOLDERS:
        raise BadIdentity(claim.kind, "placeholder", f"a {claim.kind} of {text!r} names nobody; leave it empty")
    if claim.kind in NEEDS_APP and not app:
        raise BadIdentity(claim.kind, "needs_app", f"{claim.kind} needs the app that minted it")
    if max(len(text), len(app)) > MAX_LENGTH or not (text + app).isprintable():
        raise BadIdentity(claim.kind, "unreadable", f"{claim.kind} must be printable, at most {MAX_LENGTH} characters")
    if claim.kind == "phone":
        return Identity("phone", "", normal_phone(text, region=region))
    if claim.kind == "email":
        return Identity("email", "", normal_email(text))
    return Identity(claim.kind, app, text)


def normalise_all(claims: Sequence[IdentityClaim], *, region: str = "CN") -> list[Identity]:
    """The usable claims of one event: empty and masked values count only when nothing else is there."""
    found: dict[Identity, None] = {}
    empty: BadIdentity | None = None
    for claim in claims:
        try:
            found[normalise(claim, region=region)] = None
        except BadIdentity as refusal:
            if refusal.reason not in ("placeholder", "masked"):
                raise
            empty = refusal
    if not found:
        raise empty or BadIdentity("identities", "missing", "the event names nobody: give at least one identity")
    return list(found)


def normal_phone(text: str, *, region: str = "CN") -> str:
    """E.164, such as +8613812345678; a number without a country code is read in `region`."""
    if any(mark in text for mark in MASK_MARKS):
        raise BadIdentity("phone", "masked", "the phone number is masked; use an order number or customer id instead")
    bare = re.sub(r"[\s().-]", "", text)
    # phonenumbers costs 50 microseconds a number; nearly every number of this field takes the short way.
    if region == "CN" and (mobile := CHINESE_MOBILE.fullmatch(bare)):
        return "+86" + mobile[1]
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException as failure:
        raise BadIdentity("phone", "phone", "this is no phone number; write it like +86 138 1234 5678") from failure
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise BadIdentity("phone", "phone", "no network has this phone number; write it like +86 138 1234 5678")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str:
    """Lower case, an international domain as ASCII; dots and plus signs stay, they may tell people apart."""
    if any(mark in text for mark in MASK_MARKS):
        raise BadIdentity("email", "masked", "the e-mail address is masked; use an order number or customer id instead")
    local, _, domain = text.lower().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError as failure:
        raise BadIdentity("email", "email", "this is no e-mail address; write it like name@example.com") from failure
    if len(address) > 254 or not EMAIL.fullmatch(address):
        raise BadIdentity("email", "email", "this is no e-mail address; write it like name@example.com")
    return address
