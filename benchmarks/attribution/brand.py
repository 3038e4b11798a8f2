"""A home with one brand whose lake is built from the raw files, and runs over it as production makes them."""

import base64
import os
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

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
from core.lake.facts import OrderFacts, TouchFacts, bucket_of, in_order, take
from core.lake.manifest import publish, take_snapshot
from core.lake.parts import PartFile, write_facts
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
    """The raw files as one generation of the lake; how many buckets it has."""
    touches, orders = pq.read_table(raw / "touches.parquet"), pq.read_table(raw / "orders.parquet")
    bits = max(0, (len(touches) // A_BUCKET).bit_length() - 1)
    contact, none = touches["contact"].to_numpy(), np.zeros(len(touches), np.int8)
    facts = TouchFacts(
        contact,
        touches["ts"].to_numpy(),
        touches["channel"].to_numpy(),
        none.astype(np.int32),
        none,
        np.arange(len(contact)),
    )
    buyer = orders["contact"].to_numpy()
    sold = OrderFacts(
        buyer,
        orders["ts"].to_numpy(),
        orders["value"].to_numpy(),
        np.ones(len(buyer), np.int16),
        np.arange(len(buyer)),
    )
    files = _write(tenant, facts, bits) + _write(tenant, sold, bits)
    with writing(tenant) as session:
        publish(session, take_snapshot(session), added=files, bits=bits)
    return 1 << bits


def _write(tenant: int, facts: TouchFacts | OrderFacts, bits: int) -> list[PartFile]:
    home = bucket_of(facts.contact, bits=bits).astype(np.int16)
    order = np.argsort(home, kind="stable")
    ends = np.searchsorted(home[order], np.arange((1 << bits) + 1))
    return [
        write_facts(tenant, bucket, in_order(take(facts, order[ends[bucket] : ends[bucket + 1]])))
        for bucket in range(1 << bits)
    ]


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
