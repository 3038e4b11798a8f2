"""People for tests."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from core.contacts.service import IdentityClaim, resolve

_serial = count(10_000_000)


def phone(value: str) -> IdentityClaim:
    return IdentityClaim("phone", value)


def new_phone() -> IdentityClaim:
    return phone(f"138{next(_serial)}")


def email(value: str) -> IdentityClaim:
    return IdentityClaim("email", value)


def cookie(value: str) -> IdentityClaim:
    return IdentityClaim("cookie", value)


def make_contact(session: Session, *claims: IdentityClaim, at: datetime | None = None) -> int:
    return resolve(session, [claims or (new_phone(),)], at=at)[0]


def make_contacts(session: Session, events: Sequence[Sequence[IdentityClaim]], at: datetime | None = None) -> list[int]:
    return resolve(session, events, at=at)
