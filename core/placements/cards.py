"""Serials of printed cards: made in batches, recognised when they come back, redeemed once."""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.addresses import Found, find_address, register_addresses
from core.db import insert_new, new_id, next_numbers, platform_reading, vault_of
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.placements.card_states import works_after_shipping
from core.placements.models import CardCode, Placement, Redemption
from core.placements.serials import card_serial

MOST_AT_ONCE = 1000
ANSWERS_LIFE = timedelta(days=7)
_PURPOSE = "card serials"


class AlreadyRedeemed(Conflict):
    """The serial was redeemed before."""

    code = "already_redeemed"

    def __init__(self, at: datetime | None) -> None:
        super().__init__("This serial was redeemed before.")
        self.at = at


class NotActive(Conflict):
    """The card does not work: it was not shipped yet (`printed`), or is void."""

    code = "card_not_active"

    def __init__(self, state: str) -> None:
        super().__init__("This card is void." if state == "void" else "This card works once it was shipped.")
        self.state = state


def create_codes(session: Session, placement: Placement, count: int) -> range:
    """Make `count` serials (at most 1,000 in one transaction) and return the numbers of their cards.

    Raises:
        Invalid: none, or too many at once.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise Invalid(fields=[FieldError("count", "out_of_range", f"Between 1 and {MOST_AT_ONCE} at once.")])
    numbers = next_numbers(session, f"card:{placement.number}", count)
    vault = vault_of(session)
    serials = {new_id(): serial for serial in serials_of(session, placement, numbers)}
    rows = [
        {
            "id": code_id,
            "placement_number": placement.number,
            "number": number,
            "digest": vault.blind_index("card", serial),
            "state": "printed",
            "created_at": clock.now(),
        }
        for number, (code_id, serial) in zip(numbers, serials.items(), strict=True)
    ]
    insert_new(session, CardCode, rows, conflict=("digest",))
    register_addresses(session, "card", {serial: code_id for code_id, serial in serials.items()})
    return numbers


def serials_of(session: Session, placement: Placement, numbers: Iterable[int]) -> list[str]:
    """The serials of these cards, derived again: for printing, and for printing again."""
    key = vault_of(session).derived(_PURPOSE)
    return [card_serial(key, placement.id, number) for number in numbers]


def count_codes(session: Session, placement: Placement) -> int:
    """How many serials the placement has; their numbers are 1 to this."""
    query = sa.select(sa.func.max(CardCode.number)).where(CardCode.placement_number == placement.number)
    return session.scalar(query) or 0


def count_codes_of(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """How many serials each placement has; placements without are left out."""
    query = (
        sa.select(CardCode.placement_number, sa.func.max(CardCode.number).label("codes"))
        .where(CardCode.placement_number.in_(numbers))
        .group_by(CardCode.placement_number)
    )
    return {row.placement_number: row.codes for row in session.execute(query)}


def find_card(serial: str) -> Found | None:
    """The tenant and code id of a serial in its canonical form, or None. Opens a door of its own."""
    with platform_reading() as session:
        return find_address(session, "card", serial)


def card_code(session: Session, code_id: uuid.UUID) -> CardCode:
    """One serial's row. Raises `NotFound`."""
    code = session.scalar(sa.select(CardCode).where(CardCode.id == code_id))
    if code is None:
        raise NotFound
    return code


def working_states(session: Session, code: CardCode) -> tuple[str, ...]:
    """The states in which this card can be redeemed: a printed one, too, unless its batch waits for shipping."""
    placement = session.scalar(sa.select(Placement).where(Placement.number == code.placement_number))
    return ("active",) if placement is not None and works_after_shipping(placement) else ("printed", "active")


def redeemed_at(session: Session, code: CardCode) -> datetime | None:
    """When the serial was redeemed, or None while it was not."""
    return session.scalar(sa.select(Redemption.at).where(Redemption.code_id == code.id))


def redeem(
    session: Session,
    code: CardCode,
    *,
    at: datetime,
    answers: Mapping[str, str] | None = None,
    device: bytes | None = None,
    address: bytes | None = None,
) -> Redemption:
    """Redeem a serial, once and for all; of two at the same moment one gets the refusal.

    Raises:
        AlreadyRedeemed: it was redeemed before.
        NotActive: it is void, or not shipped yet in a batch that works only after shipping.
    """
    working = working_states(session, code)
    taken = session.scalar(
        sa.update(CardCode)
        .where(CardCode.id == code.id, CardCode.state.in_(working))
        .values(state="redeemed")
        .returning(CardCode.id)
    )
    if taken is None:
        state = session.scalar(sa.select(CardCode.state).where(CardCode.id == code.id))
        if state in ("printed", "void"):
            raise NotActive(state)
        raise AlreadyRedeemed(redeemed_at(session, code))
    redemption = Redemption(
        id=new_id(),
        code_id=code.id,
        placement_number=code.placement_number,
        device=device,
        address=address,
        at=at,
    )
    if answers:
        plain = json.dumps(dict(answers), ensure_ascii=False).encode()
        redemption.answers = vault_of(session).seal("redemption", redemption.id, "answers", plain)
    session.add(redemption)
    session.flush()
    return redemption


def expire_answers(session: Session, *, limit: int = 1_000) -> int:
    """Forget what was typed at redemptions a week ago, as all that is raw; returns how many went."""
    old = sa.and_(Redemption.answers.is_not(None), Redemption.at < clock.now() - ANSWERS_LIFE)
    some = sa.select(Redemption.id).where(old).limit(limit)
    gone = sa.update(Redemption).where(Redemption.id.in_(some)).values(answers=None)
    return len(session.scalars(gone.returning(Redemption.id)).all())


def redeemed_by_placement(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """How many serials of each placement were redeemed; placements without are left out."""
    query = (
        sa.select(Redemption.placement_number, sa.func.count().label("redeemed"))
        .where(Redemption.placement_number.in_(numbers))
        .group_by(Redemption.placement_number)
    )
    return {row.placement_number: row.redeemed for row in session.execute(query)}
