"""Lake to result, against DuckDB's bare scan of the same files and its bare window sort of the raw rows.

`python benchmarks/attribution.py [touches]`, 1,000,000 unless told. Seven heuristics by channel and day, Markov 1, 2,
Shapley; ten channels, two years, one touch in fifty buys. Prints wall and CPU time, peak memory and ratios.
"""

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHANNELS = 10
DAYS = 730
DAY_US = 86_400_000_000
START_US = 1_700_000_000_000_000


def make_files(count: int, folder: Path) -> tuple[Path, list[Path]]:
    """Raw rows in one unsorted file, and the same rows as a lake of 500,000 touches a bucket."""
    from core.lake.facts import OrderFacts, TouchFacts, bucket_of, in_order, take
    from core.lake.parts import lake_folder, write_facts

    random = np.random.default_rng(1)
    contact = random.integers(1, count // 5 + 2, count).astype(np.int32)
    ts = START_US + random.integers(0, DAYS * DAY_US, count)
    channel = random.integers(1, CHANNELS + 1, count).astype(np.int16)
    none = np.zeros(count, np.int32)
    touches = TouchFacts(contact, ts, channel, none, none.astype(np.int8), np.arange(count))
    bought = random.random(count) < 0.02
    value = random.integers(1, 99_999, int(bought.sum()))
    orders = OrderFacts(contact[bought], ts[bought], value, channel[bought], np.arange(len(value)))
    raw = folder / "raw.parquet"
    pq.write_table(pa.table({"contact": contact, "ts": ts, "channel": channel}), raw)
    began = time.perf_counter()
    bits = max(0, (count // 500_000).bit_length() - 1)
    names = []
    home, sold = bucket_of(contact, bits=bits), bucket_of(orders.contact, bits=bits)
    for bucket in range(1 << bits):
        names.append(write_facts(1, bucket, in_order(take(touches, home == bucket))).name)
        write_facts(1, bucket, in_order(take(orders, sold == bucket)))
    print(f"build of the lake, {1 << bits} buckets: {time.perf_counter() - began:.2f} s")
    return raw, [lake_folder(1) / name for name in names]


def snapshot_of(folder: Path) -> "object":
    """The files as a snapshot, without a database."""
    from core.lake.manifest import Part, Snapshot

    files = sorted(folder.rglob("*.parquet"))
    bits = (len({path.parent for path in files}) - 1).bit_length()
    parts = tuple(
        Part(
            str(path.relative_to(folder)),
            int(path.parent.name.removeprefix("bucket=")),
            path.stem.rsplit("-", 1)[1],
            pq.read_metadata(path).num_rows,
            1,
        )
        for path in files
    )
    return Snapshot(1, 1, bits, {}, parts)


def attribute_lake(snapshot: "object") -> dict[str, float]:
    """What a run does between snapshot and result; conversions by model."""
    from core.attribution.catalog import HEURISTICS, built_in_models, choose_models, register_models
    from core.attribution.engine import attribute
    from core.attribution.lake_journeys import Span, lake_sources
    from core.attribution.matching import Window
    from core.attribution.packing import CellCode
    from core.lake.manifest import Snapshot

    assert isinstance(snapshot, Snapshot)
    code = CellCode(1, START_US // DAY_US - 100, DAYS + 200)
    span = Span(START_US, START_US + (DAYS + 1) * DAY_US, Window(), "Asia/Shanghai")
    models = choose_models(register_models(built_in_models()), names=(*HEURISTICS, "markov", "markov_2", "shapley"))
    sources = lake_sources(snapshot, span, code, minor=100)
    found = attribute(sources, models=models, channels=CHANNELS + 1, width=code.width)
    return {name: float(cells.conversions.sum()) for name, cells in found.cells.items()}


def timed(name: str, work: Callable[[], object]) -> float:
    """Wall seconds of the second of two calls, printed with CPU time."""
    work()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name}: {wall:.2f} s wall, {cpu:.2f} s CPU")
    return wall


def main() -> None:
    """All of it in one process."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as home:
        os.environ["SIYU_HOME"] = home
        raw, files = make_files(count, Path(home))
        snapshot = snapshot_of(Path(home) / "lake" / "tenant=1")
        ours = timed("lake to result", lambda: attribute_lake(snapshot))
        print(f"peak memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
        database = duckdb.connect()
        database.execute("SET threads = 2")
        listed = [str(path) for path in files]
        scan = timed(
            "DuckDB, scan of four columns of the lake",
            lambda: database.execute(
                "SELECT sum(contact), sum(ts), sum(channel), sum(seq) FROM read_parquet($1)", [listed]
            ).fetchall(),
        )
        sort = timed(
            "DuckDB, row_number() over (partition by contact order by ts)",
            lambda: database.execute(
                "SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY contact ORDER BY ts) n"
                f" FROM read_parquet('{raw}'))"
            ).fetchall(),
        )
        print(f"{count:,} touches: {ours / sort:.2f}x the window sort, {ours / scan:.1f}x the scan")


if __name__ == "__main__":
    main()
