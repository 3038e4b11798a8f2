"""A brand with everything that the insights ask about, at random; and its facts as plain lists, read from SQL, so that
a test can count them again in a loop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import create_channel
from core.consent import service as consent
from core.consent.models import ConsentEntry
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.orders.models import Order
from core.orders.service import NewOrder
from core.placements.costs import add_cost
from core.placements.models import Placement
from core.placements.service import create_placement
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from core.touchpoints.models import Touchpoint
from core.touchpoints.service import NewTouch
from tests.clients import RoleClient
from tests.factories.contacts import make_contact, new_phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = 160 * 24 * 60
ZONE = "Europe/Berlin"
"""Its clocks change on 29 March 2026."""
KINDS = ("click", "scan", "visit", "reply", "message_sent", "message_delivered")
WINDOW = {"from": "2026-01-20", "to": "2026-05-10"}
US = timedelta(microseconds=1)


@dataclass(frozen=True)
class Person:
    joined: datetime
    channel: str
    placement: str


@dataclass(frozen=True)
class Sale:
    contact: int
    at: datetime
    value: int


@dataclass(frozen=True)
class Touch:
    contact: int
    at: datetime
    channel: str
    kind: str


@dataclass(frozen=True)
class Facts:
    """Orders and touches by contact, in time; merged contacts are one."""

    people: dict[int, Person]
    sales: list[Sale]
    touches: list[Touch]
    opt_outs: dict[int, datetime]

    def sales_of(self, contact: int) -> list[Sale]:
        return [sale for sale in self.sales if sale.contact == contact]

    def joiners(self, window: dict[str, str] = WINDOW) -> dict[int, Person]:
        return {number: one for number, one in self.people.items() if inside(one.joined, window)}


def make_market(tenant: Tenant, *, people: int = 50, touches: int = 260, sales: int = 90, seed: int = 3) -> Facts:
    """Three channels, cards in two batches, merges, refunds, cancellations, opt-outs, costs."""
    random = np.random.default_rng(seed)
    with writing(tenant.number) as session:
        channels = [
            create_channel(session, plugin_key=plugin, name=name)
            for plugin, name in (("other", "Search"), ("package_card", "Cards"), ("other", "Live"))
        ]
        placements = [
            create_placement(session, channel=channels[1], name=name, starts_at=FIRST, detail=detail)
            for name, detail in (("A", {"batch": "B1", "sku": "tea"}), ("B", {"batch": "B2", "sku": "tea"}), ("C", {}))
        ]
        for placement in placements:
            for day in random.integers(0, 150, 6):
                add_cost(session, placement, day=FIRST.date() + timedelta(days=int(day)), amount_minor=int(day) + 7)
        known = [make_contact(session, new_phone(), at=_moment(random)) for _ in range(people)]
        made = [_touch(random, known, channels, placements) for _ in range(touches)]
        touchpoints.record(session, made)
        sold = [
            new_order(
                known[int(random.integers(0, people * 2 // 3))],
                placed_at=_moment(random),
                amount_minor=int(random.integers(1, 9) * 1000),
            )
            for _ in range(sales)
        ]
        orders.record(session, sold)
    run_pending()
    with writing(tenant.number) as session:
        for index, order in enumerate(sold[:6]):
            _take_back(session, order, index=index)
        contacts.merge(session, loser=known[0], into=known[7])
        contacts.merge(session, loser=known[-1], into=known[3])
        for who in (known[0], known[7], known[20], known[21]):
            consent.withdraw(session, who, medium="sms", source="opt_out", evidence=f"e{who}", at=_moment(random))
    run_pending()
    return read_facts(tenant)


def _touch(
    random: np.random.Generator, known: Sequence[int], channels: Sequence[Channel], placements: Sequence[Placement]
) -> NewTouch:
    """Somebody's touch on one of the channels; those of the second are of a placement."""
    channel = int(random.integers(0, 3))
    number = placements[int(random.integers(0, 3))].number
    return new_touch(
        known[int(random.integers(0, len(known)))],
        at=_moment(random),
        channel_number=channels[channel].number,
        placement_number=number if channel == 1 else None,
        kind=KINDS[int(random.integers(0, len(KINDS)))],
    )


def _take_back(session: Session, order: NewOrder, *, index: int) -> None:
    """Cancel every second order, and refund a part of the others."""
    change: dict[str, Any] = {"channel_number": 1, "order_no": order.order_no, "event_id": f"c{index}", "at": NOW}
    if index % 2:
        orders.cancel(session, **change)
    else:
        orders.refund(session, **change, amount_minor=500)


def read_facts(tenant: Tenant) -> Facts:
    """As SQL has them now."""
    with reading(tenant.number) as session:
        rows = session.scalars(sa.select(Contact)).all()
        channels = {one.number: one.name for one in session.scalars(sa.select(Channel))}
        sales = session.scalars(sa.select(Order).where(Order.state != "cancelled").order_by(Order.placed_at, Order.id))
        touches = session.scalars(sa.select(Touchpoint).order_by(Touchpoint.at, Touchpoint.id)).all()
        root = {one.number: one.root for one in rows}
        opt_outs: dict[int, datetime] = {}
        for entry in session.scalars(sa.select(ConsentEntry).where(ConsentEntry.granted.is_(False))):
            who = root[entry.contact_number]
            opt_outs[who] = min(entry.at, opt_outs.get(who, entry.at))
        return Facts(
            {
                one.number: Person(
                    one.joined_at,
                    channels.get(one.origin_channel_number or 0, ""),
                    str(one.origin_placement_number or 0),
                )
                for one in rows
                if one.merged_into is None and one.joined_at is not None
            },
            [Sale(root[one.contact_number], one.placed_at, one.net_minor) for one in sales],
            [Touch(root[one.contact_number], one.at, channels[one.channel_number], one.kind) for one in touches],
            opt_outs,
        )


def ask(client: RoleClient, what: str, **query: object) -> dict[str, Any]:
    """The answer of an insight at NOW."""
    with clock.set_to(NOW):
        found = client.get(f"/insights/{what}", query_string=query)
    assert found.status_code == 200, found.json
    shown: dict[str, Any] = found.json  # type: ignore[assignment]  # a JSON object
    return shown


def local_day(at: datetime) -> date:
    return at.astimezone(ZoneInfo(ZONE)).date()


def monday(at: datetime) -> date:
    day = local_day(at)
    return day - timedelta(days=day.weekday())


def inside(at: datetime, window: dict[str, str] = WINDOW) -> bool:
    return window["from"] <= local_day(at).isoformat() < window["to"]


def lags_of(sales: list[Sale]) -> list[timedelta]:
    return [later.at - earlier.at for earlier, later in pairwise(sales)]


def _moment(random: np.random.Generator) -> datetime:
    return FIRST + timedelta(minutes=int(random.integers(0, SPAN)), microseconds=int(random.integers(0, 1000)))
