"""What a child process of the benchmark does, one task each. They are called by name."""

import cProfile
import os
import pstats
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from benchmarks.attribution.brand import MODELS, append_touches, build_lake, execute, make_brand, make_run, open_home
from benchmarks.attribution.measuring import Measured, best_of
from benchmarks.attribution.world import Floats, World, write_raw
from benchmarks.lake import append as append_delta
from benchmarks.lake import made_touches
from core.attribution.credits import credit_table, effects_of
from core.attribution.engine import attribute
from core.attribution.execution import plan_run
from core.attribution.markov import fitted_chain
from core.attribution.models import AttributionRun
from core.attribution.runs import newest_run
from core.db import reading

TENANT = 1
APPENDED = 100_000
TURNS = 10
SORT = "SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY contact ORDER BY ts) n FROM read_parquet($1))"
SCAN = "SELECT sum(contact), sum(ts), sum(channel), sum(seq) FROM read_parquet($1)"
STAGES = {
    "load": ("reading.py", "read_bucket"),
    "match": ("matching.py", "match_touches"),
    "heuristics": ("counting.py", "_count_cells"),
    "transitions": ("grams.py", "count"),
    "coalitions": ("coalitions.py", "count"),
    "adding up": ("tally.py", "_added"),
    "solve": ("counting.py", "solve"),
    "days and placements": ("spreading.py", "spread"),
    "store": ("storing.py", "store_result"),
}


@dataclass(frozen=True)
class Size:
    """touches: about so many; folder: where raw files and home are."""

    touches: int
    channels: int
    folder: Path

    @property
    def world(self) -> World:
        """The truth of this size."""
        return World.of(self.channels)


def make(size: Size) -> Measured:
    """Raw files."""
    measured, _ = best_of(1, lambda: write_raw(size.world, size.touches, size.folder))
    measured.told = {"orders": pq.read_metadata(size.folder / "orders.parquet").num_rows}
    return measured


def build(size: Size) -> Measured:
    """A lake from the raw files."""
    tenant = make_brand(size.folder, channels=size.channels)
    measured, buckets = best_of(1, lambda: build_lake(tenant, size.folder))
    measured.told = {"buckets": buckets}
    return measured


def run(size: Size) -> Measured:
    """The production run: from the manifest to the stored result, warm."""
    open_home(size.folder)
    make_run(TENANT)
    measured, made = best_of(3, lambda: make_run(TENANT))
    with reading(TENANT) as session:
        table = credit_table(session, made, models=MODELS, by="channel")
        effects = effects_of(session, made.id)
    truth = size.world.true_shares()
    measured.told = {
        "journeys": made.journeys,
        "orders": made.orders,
        "credit": {f"{line.model}/{_number(line.name)}": (line.conversions, line.value) for line in table.lines},
        "chances": _chances(),
        "removal": effects["markov"]["removal_effect"][1:],
        "off": {
            model: float(np.abs(np.array(effects[model]["share"][1:]) - truth).sum())
            for model in ("markov", "markov_2")
        },
    }
    return measured


def _distance(found: list[float], truth: Floats) -> float:
    return float(np.abs(np.array(found) - truth).sum())


def _number(name: str) -> int:
    """Of a channel, by the names that `make_brand` gives."""
    return int(name.removeprefix("Channel ")) if name != "direct" else 1


def _chances() -> list[tuple[str, str, float]]:
    """The chain of order 1 as (from, to, chance)."""
    with reading(TENANT) as session:
        run = newest_run(session)
        plan = plan_run(session, run)
    tally = attribute(plan.sources, models=plan.models, channels=plan.channels, width=plan.code.width).tally
    state, chain, rewards = fitted_chain(tally.sums, order=1, channels=plan.channels)
    leaving = np.bincount(chain.source, chain.times, len(state)) + chain.ends
    names = [str(one - 1) for one in state.tolist()]
    found = [("(start)", name, share) for name, share in zip(names, chain.start / chain.start.sum(), strict=True)]
    steps = zip(chain.source, chain.target, chain.times / leaving[chain.source], strict=True)
    found += [(names[source], names[target], chance) for source, target, chance in steps]
    ended = {"(conversion)": rewards[:, 0], "(null)": chain.ends - rewards[:, 0]}
    found += [
        (name, end, chance) for end, times in ended.items() for name, chance in zip(names, times / leaving, strict=True)
    ]
    return [(one, other, float(chance)) for one, other, chance in found]


def stages(size: Size) -> Measured:
    """Where the time goes, on one core."""
    open_home(size.folder)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    make_run(TENANT)
    profile = cProfile.Profile(time.thread_time)  # CPU, so that what others do on the machine does not count
    measured, _ = best_of(1, lambda: profile.runcall(make_run, TENANT))
    spent = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # the stubs do not know it
    for stage, (file, function) in STAGES.items():
        measured.told[stage] = sum(
            row[3] for (path, _, name), row in spent.items() if name == function and path.endswith(f"/{file}")
        )
    return measured


def increment(size: Size) -> Measured:
    """New touches of random contacts: a run over those that changed, in turns with one over everybody."""
    open_home(size.folder)
    keeping, _ = best_of(1, execute(TENANT).keep)
    kept = list(size.folder.glob("lake/*/runs/*.arrow"))
    append_touches(TENANT, size.folder, APPENDED)
    found: dict[bool, Measured] = {}
    runs = {}
    for turn in range(2 * TURNS):
        is_full = turn % 2 == 1
        for path in kept:
            path.rename(path.with_suffix(".away")) if is_full else None
        measured, runs[is_full] = best_of(1, lambda: make_run(TENANT))
        for path in kept:
            path.with_suffix(".away").rename(path) if is_full else None
        if turn > 1:
            found[is_full] = min(measured, found.get(is_full, measured), key=lambda one: one.cpu)
    told = {"full": (found[True].wall, found[True].cpu), "contacts": runs[False].changed_contacts}
    size_of = sum(path.stat().st_size for path in size.folder.glob("lake/*/opened/*"))
    told |= {"keeping": (keeping.wall, keeping.cpu), "kept": kept[0].stat().st_size, "opened": size_of}
    found[False].told = told | {"apart": _apart(runs[False], runs[True])}
    return found[False]


def _apart(one: AttributionRun, other: AttributionRun) -> float:
    """The largest difference of two runs' credits by day, as a part of the model's total."""
    with reading(TENANT) as session:
        tables = [credit_table(session, run, models=MODELS, by="day") for run in (one, other)]
    lines = [{(line.model, line.key): (line.conversions, line.value) for line in table.lines} for table in tables]
    assert lines[0].keys() == lines[1].keys()
    off = [np.abs(np.subtract(lines[0][key], lines[1][key])) for key in lines[0]]
    return float((np.max(off, axis=0) / (other.orders, other.value_minor / 100)).max())


def scan(size: Size) -> Measured:
    """DuckDB's bare scan of four columns of the lake."""
    files = [str(path) for path in sorted(size.folder.glob("lake/**/*-touches.parquet"))]
    return _asked(SCAN, files)


def sort(size: Size) -> Measured:
    """DuckDB's bare window sort of the raw rows."""
    return _asked(SORT, [str(size.folder / "touches.parquet")])


def append(size: Size) -> Measured:
    """A delta as a flush adds it: durable files, then the manifest. The last task, as it changes the lake."""
    open_home(size.folder)
    few = made_touches(100_000, size.touches, np.random.default_rng(3))
    return best_of(3, lambda: append_delta(TENANT, few))[0]


def _asked(query: str, files: list[str]) -> Measured:
    database = duckdb.connect()
    database.execute("SET threads = 2")
    database.execute(query, [files]).fetchall()
    return best_of(3, lambda: database.execute(query, [files]).fetchall())[0]


TASKS: Mapping[str, Callable[[Size], Measured]] = {
    task.__name__: task for task in (make, build, run, stages, scan, sort, increment, append)
}
