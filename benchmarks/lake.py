"""The lake's own speed: built from arrays, appended to, and filled from SQL.

Run: python -m benchmarks.lake [--touches 10000000] [--append 100000] [--sql 200000] [--database URL]

Arrays are made beforehand and read from a file, half a million rows at a time. `--database` names an empty PostgreSQL
database (SQLite unless told); 0 leaves a part out.
"""

import argparse
import base64
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np

from core.db import Database, connect, platform_writing, reading, writing
from core.db.migrate import upgrade
from core.lake.building import building
from core.lake.facts import TOUCH_TYPES, OrderFacts, TouchFacts, take
from core.lake.flush import flush_lake
from core.lake.manifest import publish, take_snapshot
from core.lake.parts import make_durable, write_delta
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency

CHUNK = 500_000
START_US = 1_700_000_000_000_000
TWO_YEARS_US = 730 * 86_400_000_000
LAYOUT = np.dtype(list(TOUCH_TYPES.items()))
Result = TypeVar("Result")


def timed(name: str, work: Callable[[], Result]) -> Result:
    """The result of `work`; prints wall, CPU and the process's peak memory."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{name}: {wall:.3f} s wall, {cpu:.3f} s CPU, peak {peak:.2f} GB", flush=True)
    return found


def made_touches(count: int, total: int, random: np.random.Generator) -> TouchFacts:
    """Touches of a fifth as many contacts over two years, in no order."""
    none = np.zeros(count, np.int32)
    return TouchFacts(
        random.integers(1, total // 5 + 2, count).astype(np.int32),
        START_US + random.integers(0, TWO_YEARS_US, count),
        random.integers(1, 11, count).astype(np.int16),
        none,
        none.astype(np.int8),
        random.integers(0, 2**62, count),
    )


def orders_of(touches: TouchFacts) -> OrderFacts:
    """An order with every fiftieth touch."""
    some = take(touches, slice(None, None, 50))
    return OrderFacts(some.contact, some.ts, np.full(len(some.contact), 990), some.channel, some.seq)


def make_arrays(path: Path, total: int) -> None:
    """The touches of a build as one file of records."""
    random = np.random.default_rng(1)
    with path.open("wb") as file:
        for start in range(0, total, CHUNK):
            touches = made_touches(min(CHUNK, total - start), total, random)
            records = np.empty(len(touches.contact), LAYOUT)
            for name in TOUCH_TYPES:
                records[name] = getattr(touches, name)
            records.tofile(file)


def read_arrays(path: Path) -> Iterator[TouchFacts]:
    """Those touches, half a million at a time."""
    with path.open("rb") as file:
        while len(records := np.fromfile(file, LAYOUT, CHUNK)):
            yield TouchFacts(*(np.ascontiguousarray(records[name]) for name in TOUCH_TYPES))


def build(tenant: int, arrays: Path) -> None:
    """A lake of these arrays, published."""
    with building(tenant) as made:
        for touches in read_arrays(arrays):
            made.touches.add(touches)
            made.orders.add(orders_of(touches))
        built = made.write()
    make_durable(tenant, built.files)
    with writing(tenant) as session:
        publish(session, take_snapshot(session), added=built.files, bits=built.bits)


def append(tenant: int, touches: TouchFacts) -> None:
    """A delta over all buckets, durable and published."""
    with reading(tenant) as session:
        base = take_snapshot(session)
    files = [*write_delta(tenant, touches, base.bits), *write_delta(tenant, orders_of(touches), base.bits)]
    make_durable(tenant, files)
    with writing(tenant) as session:
        publish(session, base, added=files)


def fill_sql(tenant: int, first: int, last: int, *, is_sqlite: bool) -> None:
    """Touchpoints number `first` to `last` by SQL alone."""
    numbers = f"generate_series({first},{last}) g(i)"
    before, new_id, no, tx = "", "gen_random_uuid()", "false", "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)"
    if is_sqlite:
        before = f"WITH RECURSIVE g(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM g WHERE i < {last}) "
        numbers, new_id, no, tx = "g", "randomblob(16)", "0", "0"
    if first == 1:
        _run(tenant, f"INSERT INTO contact (tenant_id, id, number, created_at) {before}SELECT {tenant}, {new_id}, i, 0 FROM {numbers}")  # fmt: skip  # noqa: E501 -- numbers of ours
    _run(
        tenant,
        "INSERT INTO touchpoint (tenant_id, id, contact_number, channel_number, kind, at, event_id, is_bot, detail, tx)"
        f" {before}SELECT {tenant}, {new_id}, 1 + (i * 7919) % {last - first + 1}, 1, 'click', {START_US} + i * 1000,"
        f" 'e' || i, {no}, '{{}}', {tx} FROM {numbers}",
    )


def _run(tenant: int, statement: str) -> None:
    with writing(tenant) as session:
        session.connection().exec_driver_sql(statement)


def main() -> None:
    """All parts that were asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    for name, default in (("--touches", 10_000_000), ("--append", 100_000), ("--sql", 200_000)):
        ask.add_argument(name, type=int, default=default)
    ask.add_argument("--database", default="")
    ask.add_argument("--folder", type=Path)
    said = ask.parse_args()
    with tempfile.TemporaryDirectory(dir=said.folder) as folder:
        home = Path(folder)
        os.environ.update(SIYU_HOME=folder, SIYU_SECRET_KEY=base64.b64encode(os.urandom(32)).decode())
        url = said.database or f"sqlite:///{home / 'siyu.db'}"
        upgrade(url)
        connect(Database(url))
        with platform_writing() as session:
            agency = create_agency(session, name="Benchmark")
        tenants = [
            open_tenant(agency_id=agency.id, name=name, timezone="Asia/Shanghai", currency="CNY").number
            for name in ("Arrays", "SQL")
        ]
        if said.touches:
            make_arrays(home / "arrays", said.touches)
            timed(f"build of {said.touches:,} touches", lambda: build(tenants[0], home / "arrays"))
        for _ in range(3 if said.append else 0):
            few = made_touches(said.append, max(said.touches, said.append), np.random.default_rng())
            timed(f"append of {said.append:,} touches", lambda: append(tenants[0], few))  # noqa: B023 -- called at once
        if said.sql:
            fill_sql(tenants[1], 1, said.sql, is_sqlite=url.startswith("sqlite"))
            timed(f"first flush of {said.sql:,} touches from SQL", lambda: flush_lake(tenants[1]))
            fill_sql(tenants[1], said.sql + 1, said.sql + 1_000, is_sqlite=url.startswith("sqlite"))
            timed("flush of 1,000 more", lambda: flush_lake(tenants[1]))


if __name__ == "__main__":
    main()
