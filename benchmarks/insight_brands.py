"""Brands of very different sizes for the insights' benchmark, written in bulk."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

CHANNELS, DAYS = 10, 730
TOUCHES_A_PLACEMENT = 20_000
TOUCHES_A_CONTACT, ORDER_SHARE = 5, 0.04
DAY_US = 86_400_000_000
KINDS = np.array([1, 1, 1, 2, 4, 4, 5, 7, 9, 10], np.int8)
TODAY = date(2026, 11, 20)
FIRST = TODAY - timedelta(days=DAYS)
START_US = (FIRST - date(1970, 1, 1)).days * DAY_US


@dataclass(frozen=True)
class Brand:
    """A tenant of the benchmark and its size."""

    number: int
    public_id: str
    touches: int

    @property
    def placements(self) -> int:
        """Between ten and sixty."""
        return min(max(self.touches // TOUCHES_A_PLACEMENT, 10), 60)


def make_brands(count: int, touches: int) -> tuple[Any, list[Brand]]:
    """An agency and its brands, the n-th with 1/n of the touches of the first."""
    from core.db import platform_writing
    from core.tenants.opening import open_tenant
    from core.tenants.service import create_agency

    with platform_writing() as session:
        agency = create_agency(session, name="Benchmark")
    weights = 1 / np.arange(1, count + 1)
    sizes = np.maximum((weights / weights.sum() * touches).astype(int), 1_000)
    brands = []
    for index, size in enumerate(sizes.tolist()):
        tenant = open_tenant(agency_id=agency.id, name=f"Brand {index}")
        brands.append(Brand(tenant.number, str(tenant.id), size))
        fill_brand(brands[-1], np.random.default_rng(index))
    return agency, brands


def fill_brand(brand: Brand, random: np.random.Generator) -> None:
    """Its SQL rows, its lake, and its cube."""
    from core.db import writing
    from core.insights.counting import refresh_cube

    people = max(brand.touches // TOUCHES_A_CONTACT, 10)
    joined = START_US + random.integers(0, DAYS * DAY_US, people)
    with writing(brand.number) as session:
        add_placements(session, brand.placements, random)
        add_contacts(session, brand.placements, joined, random)
        add_opt_outs(session, joined, random)
    with writing(brand.number) as session:
        add_lake(session, brand, joined, random)
    refresh_cube(brand.number, door=lambda: writing(brand.number))


def add_placements(session: Any, count: int, random: np.random.Generator) -> None:
    """Ten channels, placements of them, with costs on a third of the days."""
    import sqlalchemy as sa

    from core import clock
    from core.channels.service import create_channel
    from core.db import new_id
    from core.placements.models import PlacementCost
    from core.placements.service import create_placement

    channels = [
        create_channel(session, plugin_key="package_card" if index == 0 else "other", name=f"Channel {index}")
        for index in range(CHANNELS)
    ]
    rows = []
    for index in range(count):
        detail = {"batch": f"B{index}", "sku": f"S{index % 7}"} if index % CHANNELS == 0 else {}
        placement = create_placement(
            session,
            channel=channels[index % CHANNELS],
            name=f"Placement {index}",
            starts_at=clock.from_us(START_US),
            detail=detail,
        )
        first = int(random.integers(0, DAYS - 30))
        rows += [
            {
                "id": new_id(),
                "placement_number": placement.number,
                "day": FIRST + timedelta(days=first + day),
                "amount_minor": int(random.integers(100, 99_999)),
                "currency": "CNY",
                "note": "",
                "cost_key": f"b{day}",
            }
            for day in range(min(DAYS - first, DAYS // 3))
        ]
    tenant = session.tenant
    session.execute(sa.insert(PlacementCost), [row | {"tenant_id": tenant} for row in rows])


def add_contacts(session: Any, placements: int, joined: Any, random: np.random.Generator) -> None:
    """Everybody who joined, with an origin for nine in ten."""
    import sqlalchemy as sa

    from core import clock
    from core.contacts.models import Contact
    from core.db import new_id
    from core.db.bulk import next_numbers

    numbers = next_numbers(session, "contact", len(joined))
    placement = random.integers(1, placements + 1, len(joined))
    channel = 2 + (placement - 1) % CHANNELS
    known = random.random(len(joined)) < 0.9
    rows = [
        {
            "tenant_id": session.tenant,
            "id": new_id(),
            "number": number,
            "created_at": clock.from_us(at),
            "joined_at": clock.from_us(at),
            "origin_channel_number": c if k else None,
            "origin_placement_number": p if k else None,
            "origin_at": clock.from_us(at) if k else None,
        }
        for number, at, c, p, k in zip(
            numbers, joined.tolist(), channel.tolist(), placement.tolist(), known.tolist(), strict=True
        )
    ]
    for start in range(0, len(rows), 20_000):
        session.execute(sa.insert(Contact), rows[start : start + 20_000])


def add_opt_outs(session: Any, joined: Any, random: np.random.Generator) -> None:
    """One in a hundred left, some time after joining."""
    import sqlalchemy as sa

    from core import clock
    from core.consent.models import ConsentEntry
    from core.db import new_id

    rows = []
    for seq, index in enumerate(random.choice(len(joined), max(len(joined) // 100, 1), replace=False).tolist(), 1):
        at = clock.from_us(int(min(joined[index] + random.integers(0, 90 * DAY_US), START_US + DAYS * DAY_US)))
        texts = dict.fromkeys(("purpose", "medium", "wording", "source", "evidence", "actor"), "-")
        rows.append(
            {"tenant_id": session.tenant, "id": new_id(), "seq": seq, "contact_number": index + 1, "granted": False}
            | texts
            | {"at": at, "recorded_at": at, "before": bytes(32), "hash": bytes(32)}
        )
    session.execute(sa.insert(ConsentEntry), rows)


def add_lake(session: Any, brand: Brand, joined: Any, random: np.random.Generator) -> None:
    """Touches all over the two years, and orders of a tenth of the people, most of them soon after joining."""
    from core.lake.facts import OrderFacts, TouchFacts, bucket_of, in_order, take
    from core.lake.manifest import publish, take_snapshot
    from core.lake.parts import write_facts

    count, end = brand.touches, START_US + DAYS * DAY_US
    contact = random.integers(1, len(joined) + 1, count).astype(np.int32)
    placement = random.integers(0, brand.placements + 1, count).astype(np.int32)
    channel = np.where(placement > 0, 2 + (placement - 1) % CHANNELS, 1).astype(np.int16)
    ts = START_US + random.integers(0, DAYS * DAY_US, count)
    touches = TouchFacts(
        contact, ts, channel, placement, KINDS[random.integers(0, len(KINDS), count)], np.arange(count)
    )
    sold = max(int(count * ORDER_SHARE), 5)
    buyers = random.integers(1, max(len(joined) // 5, 2), sold)
    placed = joined[buyers - 1] + (random.exponential(40, sold) * DAY_US).astype(np.int64)
    kept = placed < end
    buyers, placed = buyers[kept].astype(np.int32), placed[kept]
    value = random.integers(100, 99_999, len(placed))
    orders = OrderFacts(buyers, placed, value, np.ones(len(placed), np.int16), np.arange(len(placed)))
    bits = max(0, (count // 500_000).bit_length())
    files = []
    for facts in (touches, orders):
        home = bucket_of(facts.contact, bits=bits)
        files += [
            write_facts(brand.number, bucket, in_order(take(facts, home == bucket))) for bucket in range(1 << bits)
        ]
    publish(session, take_snapshot(session), added=files, bits=bits)
