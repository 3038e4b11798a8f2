"""Activating and voiding many cards: asked for at once, done by a job in short steps, and taken back as exactly."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.cards.models import CardMove
from core.db import find, new_id, tenant_of
from core.errors import Conflict, FieldError, Invalid, NotFound
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.placements.card_states import DEEDS, OPPOSITE, Deed, move_cards
from core.placements.cards import count_codes
from core.placements.models import Placement

STEP = 1000
LISTED = 50


def ask_move(
    session: Session, placement: Placement, deed: Deed, *, first: int | None = None, last: int | None = None
) -> CardMove:
    """Have cards `first` to `last` moved (all of them where neither is given); those it does not suit stay.

    Raises:
        Invalid: there are no such cards.
    """
    made = count_codes(session, placement)
    start, end = first or 1, made if last is None else last
    if not 1 <= start <= end <= made:
        message = f"The placement has the cards 1 to {made}." if made else "The placement has no cards yet."
        raise Invalid(fields=[FieldError("first", "out_of_range", message)])
    return start_move(session, CardMove(placement_number=placement.number, deed=deed, first=start, last=end))


def ask_undo(session: Session, placement: Placement, move_id: str) -> CardMove:
    """Have a move taken back: only cards that nothing has happened to since go back.

    Raises:
        NotFound: the placement has no such move.
        Conflict: it is still running, or was taken back already.
    """
    move = find_move(session, placement, move_id)
    if move.state != "done":
        raise Conflict("This is still running, or was taken back already.")
    move.state = "undone"
    deed = "deactivate" if move.deed == "list" else OPPOSITE[_deed(move)]
    first, last = (1, count_codes(session, placement)) if move.deed == "list" else (move.first, move.last)
    back = CardMove(placement_number=placement.number, deed=deed, first=first, last=last, undoes=move.id)
    return start_move(session, back)


def start_move(session: Session, move: CardMove) -> CardMove:
    """Keep the move and hand it to a worker."""
    move.id = new_id()
    session.add(move)
    session.flush()
    move.job_id = submit(session, "cards.move", {"move": str(move.id)}, tenant_id=tenant_of(session)).id
    session.flush()
    return move


def find_move(session: Session, placement: Placement, move_id: str | uuid.UUID) -> CardMove:
    """One move of the placement. Raises `NotFound`."""
    move = find(session, CardMove, move_id)
    if move.placement_number != placement.number:
        raise NotFound
    return move


def list_moves(session: Session, placement: Placement) -> list[CardMove]:
    """What was done to the placement's cards, newest first."""
    query = sa.select(CardMove).where(CardMove.placement_number == placement.number)
    return list(session.scalars(query.order_by(CardMove.id.desc()).limit(LISTED)))


def work_range(job: RunningJob, move: CardMove) -> None:
    """Move a range of cards, a thousand a step; a restarted job goes on after its last step."""
    start = int(str(job.checkpoint.get("next", move.first)))
    for first in [*range(start, move.last + 1, STEP)]:
        numbers = range(first, min(first + STEP, move.last + 1))
        with job.step() as step:
            row = find(step.session, CardMove, move.id)
            row.moved += move_cards(
                step.session, row.placement_number, _deed(row), numbers, move=row.id, undoes=row.undoes
            )
            step.checkpoint = {"next": numbers.stop}
            step.progress(numbers.stop - move.first, move.last + 1 - move.first)
            if numbers.stop > move.last:
                row.state = "done"
                step.finish({"moved": row.moved})


def _deed(move: CardMove) -> Deed:
    return next(deed for deed in DEEDS if deed == move.deed)
