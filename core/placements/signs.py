"""Doubtful signs of cards: kept once each with how often and when, shown until somebody has looked at them."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import find, insert_new
from core.errors import NotFound
from core.placements.card_rules import (
    CARDS_A_DEVICE,
    CARDS_AN_ADDRESS,
    DAY_HOURS,
    LEAST_BURST,
    PAST_HOURS,
    SignKind,
    is_burst,
)
from core.placements.models import CardCode, CardSign, Placement, Redemption

LISTED = 200


def note_sign(
    session: Session,
    placement_number: int,
    kind: SignKind,
    *,
    subject: bytes,
    count: int,
    at: datetime,
    code_id: uuid.UUID | None = None,
) -> None:
    """Keep a sign about `subject` (a card, a browser, an address, an hour). Told again, it is the same sign with the
    larger count; one that somebody had settled is open again when it has grown."""
    row = {
        "placement_number": placement_number,
        "kind": kind,
        "subject": subject,
        "code_id": code_id,
        "count": count,
        "first_at": at,
        "last_at": at,
    }
    if insert_new(session, CardSign, [row], conflict=("placement_number", "kind", "subject")):
        return
    known = session.scalars(
        sa.select(CardSign).where(
            CardSign.placement_number == placement_number, CardSign.kind == kind, CardSign.subject == subject
        )
    ).one()
    if count > known.count:
        known.count, known.last_at, known.settled_at = count, max(known.last_at, at), None
        known.first_at = min(known.first_at, at)


def judge_redemption(session: Session, redemption: Redemption) -> None:
    """Note what is doubtful about a redemption that was just stored: its browser, its address, its hour."""
    day = redemption.at - timedelta(hours=DAY_HOURS)
    for kind, column, most in (
        ("device_many_cards", Redemption.device, CARDS_A_DEVICE),
        ("address_many_cards", Redemption.address, CARDS_AN_ADDRESS),
    ):
        value = getattr(redemption, column.key)
        if value is None:
            continue
        count = _count(session, column == value, Redemption.at > day, Redemption.at <= redemption.at)
        if count >= most:
            note_sign(
                session,
                redemption.placement_number,
                "device_many_cards" if kind == "device_many_cards" else "address_many_cards",
                subject=value,
                count=count,
                at=redemption.at,
            )
    _judge_hour(session, redemption)


def _judge_hour(session: Session, redemption: Redemption) -> None:
    """Is the batch redeemed much faster in this hour than it used to be?"""
    mine = Redemption.placement_number == redemption.placement_number
    hour, past = redemption.at - timedelta(hours=1), redemption.at - timedelta(hours=PAST_HOURS)
    recent = _count(session, mine, Redemption.at > hour, Redemption.at <= redemption.at)
    if recent % LEAST_BURST:  # every tenth is soon enough, and a busy batch is not counted through at each one
        return
    first = session.scalar(sa.select(sa.func.min(Redemption.at)).where(mine, Redemption.at > past))
    if first is None:
        return
    before = _count(session, mine, Redemption.at > past, Redemption.at <= hour)
    hours = (hour - first) / timedelta(hours=1)
    if is_burst(recent, before, hours):
        subject = redemption.at.replace(minute=0, second=0, microsecond=0).isoformat().encode()
        note_sign(session, redemption.placement_number, "burst", subject=subject, count=recent, at=redemption.at)


def list_signs(session: Session, placement: Placement) -> list[tuple[CardSign, int | None]]:
    """The placement's signs with the card's number where one is meant: open ones first, the newest first."""
    query = (
        sa.select(CardSign, CardCode.number)
        .outerjoin(CardCode, sa.and_(CardCode.tenant_id == CardSign.tenant_id, CardCode.id == CardSign.code_id))
        .where(CardSign.placement_number == placement.number)
        .order_by(CardSign.settled_at.is_not(None), CardSign.last_at.desc(), CardSign.id)
        .limit(LISTED)
    )
    return [(sign, number) for sign, number in session.execute(query)]


def count_signs(session: Session, placement_numbers: Sequence[int]) -> dict[int, int]:
    """How many open signs each placement has; those without are left out."""
    query = sa.select(CardSign.placement_number, sa.func.count()).where(
        CardSign.placement_number.in_(placement_numbers), CardSign.settled_at.is_(None)
    )
    return dict(session.execute(query.group_by(CardSign.placement_number)).all())


def settle_sign(session: Session, placement: Placement, sign_id: str) -> CardSign:
    """Somebody has looked at it. Raises `NotFound`."""
    sign = find(session, CardSign, sign_id)
    if sign.placement_number != placement.number:
        raise NotFound
    sign.settled_at = clock.now()
    session.flush()
    return sign


def _count(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Redemption).where(*conditions)) or 0
