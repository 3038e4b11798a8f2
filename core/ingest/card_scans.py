"""Which browsers scanned a card, kept once each: for counting distinct cards, and for cards that were passed around."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import insert_new, vault_of
from core.placements.card_people import device_digest
from core.placements.card_rules import MANY_DEVICES, OTHER_DEVICES, SignKind
from core.placements.card_states import works_after_shipping
from core.placements.clicks import Click
from core.placements.models import CardCode, CardScan, Placement, Redemption
from core.placements.signs import note_sign

MOST_KEPT = 100
"""Browsers kept of one card; whoever makes a new one for each scan does not fill the table."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """A scan of a card by a person."""

    card: uuid.UUID
    click: Click


def note_scans(session: Session, scans: Sequence[Scanned]) -> None:
    """Keep the browsers of these scans and note what is doubtful. Told again, nothing changes."""
    cards = {scan.card for scan in scans}
    if not cards:
        return
    full = _count_devices(session, cards)
    vault = vault_of(session)
    places = sa.select(CardCode.id, CardCode.placement_number).where(CardCode.id.in_(cards))
    placements = dict(session.execute(places).all())
    first: dict[tuple[uuid.UUID, bytes | None], datetime] = {}
    for scan in scans:
        if scan.card in placements and full.get(scan.card, 0) < MOST_KEPT:
            key = scan.card, device_digest(vault, scan.click.visitor or scan.click.id)
            first[key] = min(scan.click.at, first.get(key, scan.click.at))
    rows = [
        {"code_id": card, "placement_number": placements[card], "device": device, "at": at}
        for (card, device), at in first.items()
    ]
    insert_new(session, CardScan, rows, conflict=("code_id", "device"))
    _judge_cards(session, cards)


def _judge_cards(session: Session, cards: set[uuid.UUID]) -> None:
    counts, others, latest = _count_devices(session, cards), _count_others(session, cards), _latest(session, cards)
    rows = session.scalars(sa.select(CardCode).where(CardCode.id.in_(cards))).all()
    numbers = {row.placement_number for row in rows}
    placements = {p.number: p for p in session.scalars(sa.select(Placement).where(Placement.number.in_(numbers)))}
    for row in rows:
        at, count = latest[row.id], counts[row.id]
        kinds: list[tuple[SignKind, int]] = []
        if row.state == "printed" and works_after_shipping(placements[row.placement_number]):
            kinds.append(("early_scan", count))
        if row.state == "void":
            kinds.append(("void_scan", count))
        if count >= MANY_DEVICES:
            kinds.append(("many_devices", count))
        if others.get(row.id, 0) >= OTHER_DEVICES:
            kinds.append(("used_by_others", others[row.id]))
        for kind, found in kinds:
            note_sign(session, row.placement_number, kind, subject=row.id.bytes, count=found, at=at, code_id=row.id)


def _latest(session: Session, cards: Collection[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    query = sa.select(CardScan.code_id, sa.func.max(CardScan.at)).where(CardScan.code_id.in_(cards))
    return dict(session.execute(query.group_by(CardScan.code_id)).all())


def _count_devices(session: Session, cards: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    query = sa.select(CardScan.code_id, sa.func.count()).where(CardScan.code_id.in_(cards))
    return dict(session.execute(query.group_by(CardScan.code_id)).all())


def _count_others(session: Session, cards: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Browsers that scanned a card only after another one had redeemed it."""
    query = (
        sa.select(CardScan.code_id, sa.func.count())
        .join(
            Redemption,
            sa.and_(Redemption.tenant_id == CardScan.tenant_id, Redemption.code_id == CardScan.code_id),
        )
        .where(CardScan.code_id.in_(cards), CardScan.at > Redemption.at)
        .where(sa.or_(Redemption.device.is_(None), Redemption.device != CardScan.device))
    )
    return dict(session.execute(query.group_by(CardScan.code_id)).all())
