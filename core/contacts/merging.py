"""Merging two contacts by hand, undoing any merge, and deciding the parked ones.

`merge_log` is append-only. The edges that stand (merged and not undone) of a family form a tree; an undo
cuts one edge, and each side becomes what it was, together with whatever had joined it by itself.
"""

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.feed import tell_lake
from core.contacts.lookup import family, roots_of
from core.contacts.models import Contact, MergeLog
from core.contacts.storing import move_family
from core.db import find
from core.errors import Conflict, NotFound

Decision = aliased(MergeLog)
LISTED = {"merged": "merged", "undone": "merged", "parked": "parked", "approved": "parked", "rejected": "parked"}


def merge(session: Session, *, loser: int, into: int, actor: str | None = None, reason: str = "manual") -> MergeLog:
    """Make the person of `loser` part of the person of `into`.

    Raises:
        NotFound: one of the contacts does not exist.
        Conflict: they are one person already, or one of them was erased.
    """
    return _join(session, loser=loser, into=into, actor=actor, reason=reason, ref=None)


def undo_merge(session: Session, merge_id: str | UUID, *, actor: str | None = None) -> MergeLog:
    """Part two contacts again. They stay apart afterwards: the same evidence does not join them anew.

    Raises:
        NotFound: there is no such merge.
        Conflict: it is no standing merge.
    """
    entry = find(session, MergeLog, merge_id)
    if entry.kind != "merged" or _decision_on(session, entry) is not None:
        raise Conflict("This is no standing merge; it may have been undone already.")
    undone = _log(session, entry, kind="undone", actor=actor)
    person = roots_of(session, [entry.loser])[entry.loser]
    _settle_family(session, family(session, [person]))
    tell_lake(session)
    return undone


def approve(session: Session, merge_id: str | UUID, *, actor: str | None = None) -> MergeLog:
    """Carry out a parked merge.

    Raises:
        NotFound: there is no such entry.
        Conflict: it is not waiting for a decision, or the two are one person already.
    """
    entry = _open_doubt(session, merge_id)
    return _join(session, loser=entry.loser, into=entry.winner, actor=actor, reason="approved", ref=entry.id)


def reject(session: Session, merge_id: str | UUID, *, actor: str | None = None) -> MergeLog:
    """Keep the two contacts of a parked merge apart for good.

    Raises:
        NotFound: there is no such entry.
        Conflict: it is not waiting for a decision.
    """
    return _log(session, _open_doubt(session, merge_id), kind="rejected", actor=actor)


def list_merges(
    session: Session, *, state: str | None = None, before: str | None = None, limit: int = 50
) -> list[tuple[MergeLog, str]]:
    """Merges with their state (merged, undone, parked, approved, rejected), newest first."""
    query = _with_state().where(MergeLog.kind.in_(("merged", "parked"))).order_by(MergeLog.id.desc()).limit(limit)
    if state in ("merged", "parked"):
        query = query.where(MergeLog.kind == state, Decision.id.is_(None))
    elif state is not None:
        query = query.where(
            MergeLog.kind == LISTED[state], Decision.kind == ("merged" if state == "approved" else state)
        )
    if before is not None:
        query = query.where(MergeLog.id < UUID(before))
    return [(entry, _state(entry, decision)) for entry, decision in session.execute(query)]


def merges_of(session: Session, numbers: Iterable[int]) -> list[tuple[MergeLog, str]]:
    """All merges that touch these contacts, newest first."""
    members = list(numbers)
    query = (
        _with_state()
        .where(MergeLog.kind.in_(("merged", "parked")))
        .where(sa.or_(MergeLog.winner.in_(members), MergeLog.loser.in_(members)))
        .order_by(MergeLog.id.desc())
    )
    return [(entry, _state(entry, decision)) for entry, decision in session.execute(query)]


def merges_about(session: Session, merge_id: UUID) -> list[tuple[MergeLog, str]]:
    """The one merge with this id, and its state."""
    return [
        (entry, _state(entry, decision))
        for entry, decision in session.execute(_with_state().where(MergeLog.id == merge_id))
    ]


def _with_state() -> sa.Select[MergeLog, str]:
    return sa.select(MergeLog, Decision.kind).outerjoin(Decision, Decision.ref == MergeLog.id)


def _state(entry: MergeLog, decision: str | None) -> str:
    if entry.kind == "parked" and decision == "merged":
        return "approved"
    return decision or entry.kind


def _join(session: Session, *, loser: int, into: int, actor: str | None, reason: str, ref: UUID | None) -> MergeLog:
    roots = roots_of(session, [loser, into])
    if len(roots) < len({loser, into}):
        raise NotFound("There is no such contact.")
    if roots[loser] == roots[into]:
        raise Conflict("These two are one contact already.")
    erased = sa.select(Contact.number).where(Contact.number.in_(roots.values()), Contact.erased_at.is_not(None))
    if session.scalar(erased.limit(1)) is not None:
        raise Conflict("One of the two was erased; nobody can be joined with a person who asked to be forgotten.")
    entry = MergeLog(kind="merged", winner=roots[into], loser=roots[loser], reason=reason, ref=ref, actor=actor)
    session.add(entry)
    session.flush()
    move_family(session, [roots[loser]], into=roots[into])
    _keep_first_day(session, roots[into], roots[loser])
    tell_lake(session)
    return entry


def _keep_first_day(session: Session, winner: int, loser: int) -> None:
    days = session.scalars(sa.select(Contact.joined_at).where(Contact.number.in_((winner, loser))))
    known = [day for day in days if day is not None]
    if known:
        session.execute(sa.update(Contact).where(Contact.number == winner).values(joined_at=min(known)))


def _open_doubt(session: Session, merge_id: str | UUID) -> MergeLog:
    entry = find(session, MergeLog, merge_id)
    if entry.kind != "parked" or _decision_on(session, entry) is not None:
        raise Conflict("This is not waiting for a decision.")
    return entry


def _decision_on(session: Session, entry: MergeLog) -> MergeLog | None:
    return session.scalar(sa.select(MergeLog).where(MergeLog.ref == entry.id))


def _log(session: Session, entry: MergeLog, *, kind: str, actor: str | None) -> MergeLog:
    decision = MergeLog(
        kind=kind, winner=entry.winner, loser=entry.loser, reason=entry.reason, ref=entry.id, actor=actor
    )
    session.add(decision)
    session.flush()
    return decision


def _settle_family(session: Session, members: Iterable[int]) -> None:
    """Work out every root of a former family from the edges that still stand."""
    numbers = set(members)
    query = (
        sa.select(MergeLog.loser, MergeLog.winner, MergeLog.reason)
        .outerjoin(Decision, sa.and_(Decision.ref == MergeLog.id, Decision.kind == "undone"))
        .where(MergeLog.kind == "merged", Decision.id.is_(None), MergeLog.loser.in_(numbers))
    )
    parent = {loser: winner for loser, winner, _ in session.execute(query)}
    for number in numbers:
        root = number
        while root in parent:
            root = parent[root]
        values: dict[str, object] = {"merged_into": None if root == number else root}
        if root == number:
            values["facts_since"] = None
        session.execute(sa.update(Contact).where(Contact.number == number).values(values))
