"""A home with one brand whose lake is built from the raw files, and runs over it as production makes them."""

import base64
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from benchmarks.attribution.world import DAY_US, DAYS, START_US
from core.attribution.catalog import HEURISTICS
from core.attribution.execution import execute_run
from core.attribution.models import AttributionRun
from core.attribution.runs import RunOptions, add_run, find_run
from core.channels.service import channel_named_or_other
from core.db import Database, connect, platform_writing, reading, writing
from core.db.migrate import upgrade
from core.lake.facts import OrderFacts, TouchFacts, bucket_of, in_order
from core.lake.manifest import publish, take_snapshot
from core.lake.parts import write_facts
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency

MODELS = (*HEURISTICS, "markov", "markov_2", "shapley")
A_BUCKET = 500_000
EPOCH = date(1970, 1, 1)


def open_home(home: Path) -> None:
    """Use this home's database; the key is of no further use."""
    os.environ.update(SIYU_HOME=str(home), SIYU_SECRET_KEY=base64.b64encode(bytes(range(7, 39))).decode())
    connect(Database(f"sqlite:///{home / 'siyu.db'}"))


def make_brand(home: Path, *, channels: int) -> int:
    """A new database with one brand; channel 1 is its `direct`. Returns the brand's number."""
    open_home(home)
    upgrade(f"sqlite:///{home / 'siyu.db'}")
    with platform_writing() as session:
        agency = create_agency(session, name="Benchmark")
    tenant = open_tenant(agency_id=agency.id, name="Brand", timezone="Asia/Shanghai", currency="CNY").number
    with writing(tenant) as session:
        for number in range(2, channels + 1):
            channel_named_or_other(session, f"Channel {number}")
    return tenant


def build_lake(tenant: int, raw: Path) -> int:
    """The raw files as one generation of the lake, bucket by bucket; how many buckets it has."""
    touches, orders = pq.ParquetFile(raw / "touches.parquet"), pq.ParquetFile(raw / "orders.parquet")
    bits = max(0, (touches.metadata.num_rows // A_BUCKET).bit_length() - 1)
    files = []
    for bucket, rows in _split(touches, bits):
        none = np.zeros(len(rows["contact"]), np.int8)
        facts = TouchFacts(rows["contact"], rows["ts"], rows["channel"], none.astype(np.int32), none, rows["seq"])
        files.append(write_facts(tenant, bucket, in_order(facts)))
    for bucket, rows in _split(orders, bits):
        channel = np.ones(len(rows["contact"]), np.int16)
        sold = OrderFacts(rows["contact"], rows["ts"], rows["value"], channel, rows["seq"])
        files.append(write_facts(tenant, bucket, in_order(sold)))
    with writing(tenant) as session:
        publish(session, take_snapshot(session), added=files, bits=bits)
    return 1 << bits


def _split(file: pq.ParquetFile, bits: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of each bucket, as columns; `seq` is a row's place in the file."""
    pieces: list[list[dict[str, Any]]] = [[] for _ in range(1 << bits)]
    place = 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        columns = {name: table[name].to_numpy() for name in table.column_names}
        columns["seq"] = np.arange(place, place + len(table), dtype=np.int64)
        place += len(table)
        home = bucket_of(columns["contact"], bits=bits).astype(np.int16)
        order = np.argsort(home, kind="stable")
        ends = np.searchsorted(home, np.arange((1 << bits) + 1), sorter=order)
        for bucket in range(1 << bits):
            mine = order[ends[bucket] : ends[bucket + 1]]
            pieces[bucket].append({name: column[mine] for name, column in columns.items()})
    for bucket in range(1 << bits):
        mine, pieces[bucket] = pieces[bucket], []
        yield bucket, {name: np.concatenate([piece[name] for piece in mine]) for name in mine[0]}


def make_run(tenant: int) -> AttributionRun:
    """One run over all time with the default options, from the manifest to the stored result."""
    first = EPOCH + timedelta(days=START_US // DAY_US)
    with writing(tenant) as session:
        asked = add_run(session, RunOptions(first, first + timedelta(days=DAYS + 90), models=MODELS)).id

    def door() -> AbstractContextManager[Session]:
        return writing(tenant)

    execute_run(tenant, asked, door=door)
    with reading(tenant) as session:
        run = find_run(session, str(asked))
        session.expunge(run)
    return run
