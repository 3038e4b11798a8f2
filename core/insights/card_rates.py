"""How far printed cards come, by batch, SKU or placement: out, scanned, redeemed, contacts, first orders, cost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from core.contacts.models import Contact
from core.orders.models import Order
from core.placements.card_states import works_after_shipping
from core.placements.costs import cost_by_placement
from core.placements.models import CardCode, CardScan, Placement, Redemption

CardDimension = Literal["batch", "sku", "placement"]


@dataclass(slots=True)
class CardRates:
    """Counts since the cards were made. out: in customers' hands, as far as is known; scanned: distinct cards, and a
    redeemed one was scanned; contacts: who joined by them; first_orders: those of them who have ordered; cost: minor
    units, each batch's spread evenly over its cards."""

    printed: int = 0
    active: int = 0
    void: int = 0
    out: int = 0
    scanned: int = 0
    redeemed: int = 0
    contacts: int = 0
    first_orders: int = 0
    cost: float = 0.0

    @property
    def scan_rate(self) -> float | None:
        """scanned / out; None while none is out."""
        return self.scanned / self.out if self.out else None

    @property
    def redeem_rate(self) -> float | None:
        """redeemed / scanned; None while none was scanned."""
        return self.redeemed / self.scanned if self.scanned else None

    @property
    def minor_per_contact(self) -> float | None:
        """cost / contacts; None while nobody joined."""
        return self.cost / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True)
class RateRow:
    """One batch, SKU or placement; empty key: cards that say none."""

    key: str
    name: str
    rates: CardRates


Part = tuple[int, str]
"""A placement's number, and the SKU that a packing list gave some of its cards; empty for the others."""


def read_card_rates(
    session: Session, *, by: CardDimension, channel_number: int | None = None, placement_number: int | None = None
) -> tuple[CardRates, list[RateRow]]:
    """The total and its rows, most cards first, no key last."""
    query = sa.select(Placement)
    if channel_number is not None:
        query = query.where(Placement.channel_number == channel_number)
    if placement_number is not None:
        query = query.where(Placement.number == placement_number)
    placements = {placement.number: placement for placement in session.scalars(query)}
    parts = _count_cards(session, placements)
    _add_people(session, parts)
    _spread_costs(session, parts)
    rows: dict[tuple[str, str], CardRates] = defaultdict(CardRates)
    for (number, sku), rates in parts.items():
        _add(rows[_name(placements[number], sku, by)], rates)
    total = CardRates()
    for rates in parts.values():
        _add(total, rates)
    shown = [RateRow(key, name, rates) for (key, name), rates in rows.items()]
    return total, sorted(shown, key=lambda row: (not row.key, -row.rates.printed, row.name))


def _count_cards(session: Session, placements: Mapping[int, Placement]) -> dict[Part, CardRates]:
    scanned = sa.exists().where(CardScan.tenant_id == CardCode.tenant_id, CardScan.code_id == CardCode.id)
    query = (
        sa.select(
            CardCode.placement_number,
            CardCode.sku,
            CardCode.state,
            sa.func.count().label("cards"),
            sa.func.count().filter(scanned).label("scanned"),
        )
        .where(CardCode.placement_number.in_(placements))
        .group_by(CardCode.placement_number, CardCode.sku, CardCode.state)
    )
    parts: dict[Part, CardRates] = defaultdict(CardRates)
    for number, sku, state, cards, seen in session.execute(query):
        rates = parts[number, sku]
        rates.printed += cards
        rates.scanned += cards if state == "redeemed" else seen
        if state == "redeemed":
            rates.redeemed += cards
        elif state == "active":
            rates.active += cards
        elif state == "void":
            rates.void += cards
        if state in ("active", "redeemed") or (state == "printed" and not works_after_shipping(placements[number])):
            rates.out += cards
    return parts


def _add_people(session: Session, parts: dict[Part, CardRates]) -> None:
    """Who joined by a batch, under the SKU of the card that they redeemed."""
    numbers = {number for number, _ in parts}
    met = aliased(Contact)
    person = sa.func.coalesce(met.merged_into, met.number)
    redeemed = (
        sa.select(
            person.label("person"),
            Redemption.placement_number.label("placement"),
            sa.func.min(CardCode.sku).label("sku"),
        )
        .join(CardCode, CardCode.id == Redemption.code_id)
        .join(met, met.number == Redemption.contact_number)
        .where(Redemption.placement_number.in_(numbers))
        .group_by(person, Redemption.placement_number)
        .subquery()
    )
    buyer = aliased(Contact)
    bought = (
        sa.select(sa.func.coalesce(buyer.merged_into, buyer.number))
        .select_from(Order)
        .join(buyer, buyer.number == Order.contact_number)
        .where(Order.state != "cancelled")
    )
    sku = sa.func.coalesce(redeemed.c.sku, "").label("sku")
    query = (
        sa.select(
            Contact.origin_placement_number,
            sku,
            sa.func.count(),
            sa.func.count().filter(Contact.number.in_(bought)),
        )
        .outerjoin(
            redeemed,
            sa.and_(redeemed.c.person == Contact.number, redeemed.c.placement == Contact.origin_placement_number),
        )
        .where(
            Contact.origin_placement_number.in_(numbers),
            Contact.joined_at.is_not(None),
            Contact.merged_into.is_(None),
        )
        .group_by(Contact.origin_placement_number, sku)
    )
    for number, of_sku, contacts, first_orders in session.execute(query):
        parts[number, of_sku].contacts += contacts
        parts[number, of_sku].first_orders += first_orders


def _spread_costs(session: Session, parts: Mapping[Part, CardRates]) -> None:
    cards: dict[int, int] = defaultdict(int)
    for (number, _), rates in parts.items():
        cards[number] += rates.printed
    for number, cost in cost_by_placement(session, list(cards)).items():
        for part in _parts_of(parts, number):
            parts[part].cost = cost * parts[part].printed / cards[number]


def _parts_of(parts: Iterable[Part], number: int) -> list[Part]:
    return [part for part in parts if part[0] == number]


def _name(placement: Placement, sku: str, by: CardDimension) -> tuple[str, str]:
    if by == "placement":
        return str(placement.id), placement.name
    said = str(placement.detail.get(by) or "")
    text = (sku or said) if by == "sku" else said
    return text, text


def _add(into: CardRates, rates: CardRates) -> None:
    for name in CardRates.__slots__:
        setattr(into, name, getattr(into, name) + getattr(rates, name))
