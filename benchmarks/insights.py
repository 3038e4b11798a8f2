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
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.insight_brands import DAY_US, DAYS, START_US, TODAY, make_brands

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
