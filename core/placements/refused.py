"""Redemptions that were refused: kept with the reason and the sealed form, seen by the operator, put back by hand."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import find, insert_new, new_id, vault_of
from core.errors import Conflict, NotFound
from core.placements.card_people import Whence, address_digest, device_digest
from core.placements.models import CardCode, Placement, RefusedRedemption
from core.placements.signs import note_sign

RefusalReason = Literal["early", "void", "closed", "used", "person_limit", "address_limit"]
ANSWERS_LIFE = timedelta(days=7)
LISTED = 200


def keep_refusal(
    session: Session,
    card: CardCode,
    reason: RefusalReason,
    *,
    answers: Mapping[str, str],
    whence: Whence,
    at: datetime,
) -> None:
    """Keep a refused redemption; the same form again is counted with the first."""
    vault, row_id = vault_of(session), new_id()
    told = {name: value for name, value in answers.items() if value}
    plain = json.dumps(told, ensure_ascii=False, sort_keys=True)
    who = vault.blind_index("refused redemption", plain if told else f"{whence.visitor}|{whence.address}")
    row = {
        "id": row_id,
        "code_id": card.id,
        "placement_number": card.placement_number,
        "reason": reason,
        "who": who,
        "device": device_digest(vault, whence.visitor),
        "address": address_digest(vault, whence.address),
        "answers": vault.seal("refused_redemption", row_id, "answers", _pack(told, whence.visitor)),
        "at": at,
        "last_at": at,
    }
    if not insert_new(session, RefusedRedemption, [row], conflict=("code_id", "reason", "who")):
        again = sa.update(RefusedRedemption).where(
            RefusedRedemption.code_id == card.id, RefusedRedemption.reason == reason, RefusedRedemption.who == who
        )
        session.execute(again.values(times=RefusedRedemption.times + 1, last_at=at))
    tried = sa.select(sa.func.sum(RefusedRedemption.times)).where(RefusedRedemption.code_id == card.id)
    count = session.scalar(tried) or 1
    note_sign(
        session, card.placement_number, "refused", subject=card.id.bytes, count=int(count), at=at, code_id=card.id
    )


def list_refused(session: Session, placement: Placement) -> list[tuple[RefusedRedemption, int]]:
    """The placement's refused redemptions with the card's number: undecided ones first, the newest first."""
    query = (
        sa.select(RefusedRedemption, CardCode.number)
        .join(CardCode, CardCode.id == RefusedRedemption.code_id)
        .where(RefusedRedemption.placement_number == placement.number)
        .order_by(RefusedRedemption.state != "refused", RefusedRedemption.last_at.desc(), RefusedRedemption.id)
        .limit(LISTED)
    )
    return [(row, number) for row, number in session.execute(query)]


def find_refused(session: Session, placement: Placement, refused_id: str | UUID) -> RefusedRedemption:
    """One undecided refusal of the placement.

    Raises:
        NotFound: there is none.
        Conflict: it was decided already.
    """
    row = find(session, RefusedRedemption, refused_id)
    if row.placement_number != placement.number:
        raise NotFound
    if row.state != "refused":
        raise Conflict("This was decided already.")
    return row


def form_of(session: Session, row: RefusedRedemption) -> tuple[dict[str, str], str]:
    """The form as it was posted, and the browser's cookie. Raises `Conflict` once that is forgotten."""
    if row.answers is None:
        raise Conflict("What was typed is forgotten after a week; ask the customer to scan again.")
    told = json.loads(vault_of(session).unseal("refused_redemption", row.id, "answers", row.answers))
    return told.get("answers", {}), told.get("visitor", "")


def _pack(answers: Mapping[str, str], visitor: str) -> bytes:
    return json.dumps({"answers": answers, "visitor": visitor}, ensure_ascii=False).encode()


def decide(session: Session, row: RefusedRedemption, state: Literal["accepted", "dismissed"]) -> None:
    """Close it."""
    row.state, row.decided_at = state, clock.now()
    session.flush()


def expire_refused(session: Session, *, limit: int = 1_000) -> int:
    """Forget what was typed a week ago, as all that is raw; returns how many went."""
    old = sa.and_(RefusedRedemption.answers.is_not(None), RefusedRedemption.last_at < clock.now() - ANSWERS_LIFE)
    some = sa.select(RefusedRedemption.id).where(old).limit(limit)
    gone = sa.update(RefusedRedemption).where(RefusedRedemption.id.in_(some)).values(answers=None)
    return len(session.scalars(gone.returning(RefusedRedemption.id)).all())
