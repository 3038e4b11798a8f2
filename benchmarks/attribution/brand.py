"""A home with one brand whose lake is built from the raw files, and runs over it as production makes them."""

import base64
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from benchmarks.attribution.world import DAY_US, DAYS, START_US
from core.attribution.catalog import HEURISTICS
from core.attribution.engines import Engine
from core.attribution.execution import Made, execute_run
from core.attribution.models import AttributionRun
from core.attribution.runs import RunOptions, add_run, find_run
from core.channels.service import channel_named_or_other
from core.db import Database, connect, platform_writing, reading, writing
from core.db.migrate import upgrade
from core.lake.building import building
from core.lake.facts import OrderFacts, TouchFacts
from core.lake.manifest import publish, take_snapshot
from core.lake.parts import make_durable, write_delta
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency

MODELS = (*HEURISTICS, "markov", "markov_2", "shapley")
EPOCH = date(1970, 1, 1)


def open_home(home: Path) -> None:
    """Use this home's database; the key is of no further use."""
    os.environ.update(SIYU_HOME=str(home), SIYU_SECRET_KEY=base64.b64encode(bytes(range(7, 39))).decode())
    connect(Database(f"sqlite:///{home / 'siyu.db'}"))


def make_brand(home: Path, *, channels: int) -> int:
    """A new database with one brand; channel 1 is its `direct`. Returns the brand's number."""
    return make_brands(home, channels=[channels])[0]


def make_brands(home: Path, *, channels: Sequence[int]) -> list[int]:
    """A new database with as many brands, each with so many channels. Returns the brands' numbers."""
    open_home(home)
    upgrade(f"sqlite:///{home / 'siyu.db'}")
    with platform_writing() as session:
        agency = create_agency(session, name="Benchmark")
    return [_open_brand(agency.id, f"Brand {place}", count) for place, count in enumerate(channels, 1)]


def _open_brand(agency_id: uuid.UUID, name: str, channels: int) -> int:
    tenant = open_tenant(agency_id=agency_id, name=name, timezone="Asia/Shanghai", currency="CNY").number
    with writing(tenant) as session:
        for number in range(2, channels + 1):
            channel_named_or_other(session, f"Channel {number}")
    return tenant


def build_lake(tenant: int, raw: Path) -> int:
    """The raw files as one generation of the lake, by the builder that a rebuild uses; how many buckets it has."""
    with building(tenant) as made:
        for rows in _chunks(raw / "touches.parquet"):
            none = np.zeros(len(rows["contact"]), np.int8)
            made.touches.add(
                TouchFacts(rows["contact"], rows["ts"], rows["channel"], none.astype(np.int32), none, rows["seq"])
            )
        for rows in _chunks(raw / "orders.parquet"):
            channel = np.ones(len(rows["contact"]), np.int16)
            made.orders.add(OrderFacts(rows["contact"], rows["ts"], rows["value"], channel, rows["seq"]))
        built = made.write()
    make_durable(tenant, built.files)
    with writing(tenant) as session:
        publish(session, take_snapshot(session), added=built.files, bits=built.bits)
    return 1 << built.bits


def _chunks(file: Path) -> Iterator[dict[str, Any]]:
    """The rows as columns, half a million at a time; `seq` is a row's place in the file."""
    place = 0
    for batch in pq.ParquetFile(file, pre_buffer=False).iter_batches(500_000):
        seq = np.arange(place, place + len(batch), dtype=np.int64)
        yield {name: np.from_dlpack(batch[name]) for name in batch.schema.names} | {"seq": seq}
        place += len(batch)


def append_touches(tenant: int, raw: Path, count: int) -> None:
    """New touches of random contacts, in the days after the others, published as a flush publishes them."""
    random = np.random.default_rng(count)
    known = pq.read_table(raw / "touches.parquet", columns=["contact", "channel"])
    row = random.integers(0, len(known), count)
    contact, channel = (known[name].to_numpy()[row] for name in ("contact", "channel"))
    ts = START_US + DAYS * DAY_US + random.integers(0, 5 * DAY_US, count)
    none = np.zeros(count, np.int8)
    seq = np.arange(len(known), len(known) + count)
    with reading(tenant) as session:
        base = take_snapshot(session)
    touches = TouchFacts(contact, ts, random.permutation(channel), none.astype(np.int32), none, seq)
    files = make_durable(tenant, list(write_delta(tenant, touches, base.bits)))
    with writing(tenant) as session:
        publish(session, base, added=files, positions=base.positions)


def make_run(tenant: int, *, engine: Engine = Engine.LOCAL) -> AttributionRun:
    """One run over all time with the default options, from the manifest to the stored result."""
    return _made_run(tenant, execute(tenant, engine=engine))


def execute(tenant: int, *, engine: Engine = Engine.LOCAL) -> Made:
    """The same, as a job makes it."""
    first = EPOCH + timedelta(days=START_US // DAY_US)
    with writing(tenant) as session:
        asked = add_run(session, RunOptions(first, first + timedelta(days=DAYS + 90), models=MODELS, engine=engine)).id

    def door() -> AbstractContextManager[Session]:
        return writing(tenant)

    made = execute_run(tenant, asked, door=door)
    assert made is not None, "it was not made before"
    return made


def _made_run(tenant: int, made: Made) -> AttributionRun:
    with reading(tenant) as session:
        run = find_run(session, str(made.run_id))
        session.expunge(run)
    return run
