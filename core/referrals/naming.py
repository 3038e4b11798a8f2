"""What `invited_by` may mean: our contact id, or an identity of the inviter, named or guessed. No database here."""

import uuid
from dataclasses import dataclass

from core.contacts.identities import (
    CHINESE_MOBILE,
    MASK_MARKS,
    NEEDS_APP,
    STRONG,
    BadIdentity,
    Identity,
    IdentityClaim,
    normalise,
)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a text may mean, the likeliest first; both empty where it can mean nobody."""

    contact_id: uuid.UUID | None = None
    identities: tuple[Identity, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether it may mean anybody."""
        return self.contact_id is not None or bool(self.identities)


def read_inviter(text: str) -> Named:
    """`kind:value` (`openid:app:value` where the kind needs its app) says what it is; `contact:<id>` is our own id.
    A bare text is our contact id, a phone number, an e-mail address or a customer id: whichever somebody has."""
    text = text.strip()
    if any(mark in text for mark in MASK_MARKS):
        return Named()  # a masked phone would wait for ever as somebody's customer id
    kind, _, value = text.partition(":")
    if kind == "contact":
        return Named(contact_id=_uuid_of(value))
    if kind in STRONG:
        app, _, value = value.partition(":") if kind in NEEDS_APP else ("", "", value)
        return Named(identities=_read([IdentityClaim(kind, value, app or None)]))
    guesses = [IdentityClaim("customer_id", text)]
    if text.startswith("+") or CHINESE_MOBILE.fullmatch(text.replace(" ", "").replace("-", "")):
        guesses.insert(0, IdentityClaim("phone", text))
    if "@" in text:
        guesses.insert(0, IdentityClaim("email", text))
    return Named(_uuid_of(text), _read(guesses))


def _read(claims: list[IdentityClaim]) -> tuple[Identity, ...]:
    found = []
    for claim in claims:
        try:
            found.append(normalise(claim))
        except BadIdentity:
            continue
    return tuple(found)


def _uuid_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
