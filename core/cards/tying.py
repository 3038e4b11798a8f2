"""What a packing list says becomes true of the cards: product, order, place in the list, and that they are shipped."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.cards.packing import PackedCard, names_cards
from core.db import among, vault_of
from core.ingest.card_orders import join_card
from core.ingest.reasons import Reason
from core.placements.card_orders import order_digest, seal_order
from core.placements.cards import create_codes
from core.placements.models import CardCode, Placement
from core.secrets import Vault


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken, and why."""

    line: int
    reason: Reason


@dataclass
class Tied:
    """moved: cards that are active now; made: cards made for rows; tied: cards whose order is known now."""

    moved: int = 0
    made: int = 0
    tied: int = 0
    numbers: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def tie_cards(
    session: Session, placement: Placement, cards: Sequence[PackedCard], *, columns: Mapping[str, int], move: uuid.UUID
) -> Tied:
    """Take these rows in; the same list again changes nothing. Named cards are shipped, unless it says when others are.

    A list with a column for the time of shipping ships only cards that have one.
    """
    tied = Tied()
    if names_cards(columns):
        pairs = _find_named(session, placement, cards, tied)
    else:
        pairs = _make_cards(session, placement, cards, tied, move)
    ships_all = names_cards(columns) and "shipped_at" not in columns
    vault, now = vault_of(session), clock.now()
    redeemed: list[CardCode] = []
    for card, row in pairs:
        if _tie(vault, card, row, tied) and row.state == "redeemed":
            redeemed.append(row)
        shipped = card.shipped_at or (now if ships_all else None)
        if shipped is not None:
            _ship(row, shipped, move, tied)
    session.flush()
    for row in redeemed:
        join_card(session, row)
    return tied


def _tie(vault: Vault, card: PackedCard, row: CardCode, tied: Tied) -> bool:
    """Write down what the row says; whether the card's order is news."""
    row.sku = card.sku or row.sku
    row.sequence = card.sequence or row.sequence
    if card.order_no:
        digest = order_digest(vault, card.order_no)
        if row.order_digest != digest:
            seal_order(vault, row, card.order_no)
            tied.tied += 1
            return True
    return False


def _ship(row: CardCode, shipped: datetime, move: uuid.UUID, tied: Tied) -> None:
    row.shipped_at = row.shipped_at or shipped
    if row.state == "printed":
        row.state, row.activated_at, row.moved_by = "active", clock.now(), move
        tied.moved += 1


def _find_named(
    session: Session, placement: Placement, cards: Sequence[PackedCard], tied: Tied
) -> list[tuple[PackedCard, CardCode]]:
    vault = vault_of(session)
    digests = {card.serial: vault.blind_index("card", card.serial) for card in cards if card.serial}
    numbers = {card.number for card in cards if card.number and not card.serial}
    found = [*_by(session, placement, "digest", set(digests.values())), *_by(session, placement, "number", numbers)]
    by_digest, by_number = {row.digest: row for row in found}, {row.number: row for row in found}
    pairs = []
    for card in cards:
        row = by_digest.get(digests[card.serial]) if card.serial else by_number.get(card.number or 0)
        if row is None:
            column = "serial" if card.serial else "number"
            tied.problems.append(Problem(card.line, Reason("unknown_card", {"column": column})))
        elif row.state == "void":
            tied.problems.append(Problem(card.line, Reason("void_card")))
        else:
            pairs.append((card, row))
    return pairs


def _by(session: Session, placement: Placement, name: str, values: Collection[object]) -> list[CardCode]:
    if not values:
        return []
    query = sa.select(CardCode).where(CardCode.placement_number == placement.number)
    return list(session.scalars(query.where(among(session, getattr(CardCode, name), values))))


def _make_cards(
    session: Session, placement: Placement, cards: Sequence[PackedCard], tied: Tied, move: uuid.UUID
) -> list[tuple[PackedCard, CardCode]]:
    """A card for each row, but none for one that a list before made a card for: same order, product and place."""
    vault = vault_of(session)
    keys = [_key(vault, card) for card in cards]
    orders = {digest for digest, _, _ in keys if digest is not None}
    before = [row for row in _by(session, placement, "order_digest", orders) if row.moved_by != move]
    known = Counter((row.order_digest, row.sku, row.sequence) for row in before)
    wanted = []
    for card, key in zip(cards, keys, strict=True):
        if known[key]:
            known[key] -= 1
        else:
            wanted.append(card)
    if not wanted:
        return []
    numbers = create_codes(session, placement, len(wanted))
    made = sorted(_by(session, placement, "number", numbers), key=lambda row: row.number)
    for row in made:
        row.moved_by = move
    tied.made += len(made)
    tied.numbers += [row.number for row in made]
    return list(zip(wanted, made, strict=True))


def _key(vault: Vault, card: PackedCard) -> tuple[bytes | None, str, int | None]:
    return order_digest(vault, card.order_no) if card.order_no else None, card.sku, card.sequence
