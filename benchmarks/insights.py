"""Every insight endpoint, p50 and p95, over many brands, through the application with its real gate.

`python -m benchmarks.insights --tenants 100 --touches 10000000`. Brands are of very different sizes (the n-th has 1/n
of the first). Lake files and SQL rows (contacts, costs, opt-outs) are written in bulk; touchpoints and orders stand in
the lake only, because no endpoint reads them from SQL. Each answer is for a brand drawn by its size, in a window drawn
from the usual ones; the target is a p95 under 300 ms.
"""

import argparse
import base64
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
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
WINDOWS = {"30 days": 30, "90 days": 90, "a year": 365, "all": DAYS}
ENDPOINTS = {
    "overview": "/overview",
    "costs by channel": "/insights/costs?by=channel",
    "costs by placement": "/insights/costs?by=placement",
    "costs by day": "/insights/costs?by=day",
    "costs by batch": "/insights/costs?by=batch",
    "funnel": "/insights/funnel?by=channel",
    "lag": "/insights/lag",
    "maturation": "/insights/maturation",
    "retention": "/insights/retention",
    "rfm": "/insights/rfm",
    "waves": "/insights/waves",
    "replies": "/insights/replies",
}
TARGET_MS = 300


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


@contextmanager
def a_house(url: str | None) -> Iterator[None]:
    """A home and a database of their own."""
    from core import clock
    from core.db import Database, connect
    from core.db.migrate import upgrade

    with tempfile.TemporaryDirectory() as home:
        os.environ.update(SIYU_HOME=home, SIYU_SECRET_KEY=base64.b64encode(os.urandom(32)).decode())
        where = url or f"sqlite:///{Path(home) / 'siyu.db'}"
        upgrade(where)
        database = Database(where)
        connect(database)
        began = time.monotonic()
        with clock.set_to(lambda: clock.from_us(START_US + DAYS * DAY_US + int((time.monotonic() - began) * 1e6))):
            yield
        database.dispose()


def sign_in(agency: Any) -> tuple[Any, dict[str, str]]:
    """A client of the application, and the headers of the agency's owner."""
    from core.access import sessions
    from core.access.models import Membership, User
    from core.access.roles import Role
    from core.app import create_app
    from core.db import platform_writing

    with platform_writing() as session:
        user = User(agency_id=agency.id, email="o@benchmark.test", name="Owner", password_hash=None)
        session.add(user)
        session.flush()
        session.add(Membership(user_id=user.id, tenant_number=None, role=Role.AGENCY_OWNER))
        token = sessions.begin(session, user)
    return create_app().test_client(), {"Authorization": f"Bearer {token}"}


def ask(client: Any, headers: dict[str, str], path: str, days: int) -> tuple[float, float]:
    """Milliseconds of wall and of CPU for one answer over so many days before today."""
    first = TODAY - timedelta(days=days - 1)
    mark = "&" if "?" in path else "?"
    window = f"launch={first}" if path.endswith("/waves") else f"from={first}&to={TODAY}"
    wall, cpu = time.perf_counter(), time.process_time()
    found = client.get(f"{path}{mark}{window}", headers=headers)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert found.status_code == 200, found.text
    return wall * 1e3, cpu * 1e3


def report(name: str, taken: list[tuple[float, float]]) -> bool:
    """One line; whether the target is met."""
    walls, cpus = (sorted(column) for column in zip(*taken, strict=True))
    p95 = walls[int(0.95 * (len(walls) - 1))]
    largest = f"{walls[-1]:8.0f} {cpus[-1]:8.0f}"
    print(f"{name:24} {statistics.median(walls):8.0f} {p95:8.0f} {statistics.median(cpus):8.0f} {largest}", flush=True)
    return p95 < TARGET_MS


def main() -> None:
    """Make the brands, ask, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tenants", type=int, default=20)
    options.add_argument("--touches", type=int, default=500_000)
    options.add_argument("--asks", type=int, default=40, help="of each endpoint")
    options.add_argument("--url", help="a database that holds nothing; SQLite unless told")
    chosen = options.parse_args()
    with a_house(chosen.url):
        began = time.perf_counter()
        agency, brands = make_brands(chosen.tenants, chosen.touches)
        print(f"{len(brands)} brands, {sum(b.touches for b in brands):,} touches, the largest {brands[0].touches:,};")
        print(f"made and counted in {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}\n")
        client, headers = sign_in(agency)
        random = np.random.default_rng(1)
        shares = np.array([brand.touches for brand in brands]) / sum(brand.touches for brand in brands)
        print(f"{'ms':24} {'p50':>8} {'p95':>8} {'CPU p50':>8} {'max':>8} {'CPU max':>8}")
        met = []
        for name, path in ENDPOINTS.items():
            drawn = random.choice(len(brands), chosen.asks, p=shares)
            spans = random.choice(list(WINDOWS.values()), chosen.asks)
            taken = [
                ask(client, headers, f"/v1/tenants/{brands[index].public_id}{path}", int(days))
                for index, days in zip(drawn, spans, strict=True)
            ]
            met.append(report(name, taken))
        met.append(report("agency overview", [ask(client, headers, "/v1/agency/overview", 30) for _ in range(10)]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"\n{sum(met)} of {len(met)} under {TARGET_MS} ms at p95; peak memory {peak:.2f} GB")


if __name__ == "__main__":
    main()
