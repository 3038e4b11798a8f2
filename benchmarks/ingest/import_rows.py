"""Rows a second of an import, from the file to touchpoints, orders and contacts, beside SQLite's own executemany.

    python -m benchmarks.ingest.import_rows --rows 1000000

Runs in a temporary home; the raw figure inserts as many touchpoint-like rows, keyed alike, in transactions of 1,000.
"""

import argparse
import gc
import resource
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from benchmarks.ingest.house import open_house
from core.db import platform_reading, reading, writing
from core.ingest import imports
from core.ingest.mapping import Mapping
from core.ingest.uploads import receive_file
from core.jobs.models import Job
from core.jobs.runner import run_now

CHANNELS = ("Display", "Video", "Search", "Facebook", "Instagram")
PEOPLE = 8  # rows a person
WATCHED_SECONDS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows: int = parser.parse_args().rows
    home, brand = open_house()
    gc.freeze()  # as a worker does before it takes jobs
    began = time.perf_counter()
    import_id = receive_file(brand, chunks(rows), kind="touchpoints", name="bench.csv")
    uploaded = time.perf_counter()
    cpu = time.process_time()
    done = run_import(brand, import_id)
    took, cpu = time.perf_counter() - uploaded, time.process_time() - cpu
    raw = raw_inserts(home, rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"upload, sealed and sniffed   {rows / (uploaded - began):>10,.0f} rows/s")
    print(f"import, to facts and people  {rows / took:>10,.0f} rows/s  ({rows / cpu:,.0f} rows a CPU second)")
    print(f"raw executemany              {rows / raw:>10,.0f} rows/s  (import / raw = {raw / took:.2f})")
    print(f"peak memory                  {peak:>10,.0f} MB   stored: {done}")
    shutil.rmtree(home)


def chunks(rows: int) -> Iterator[bytes]:
    yield b"customer_id,time,interaction,conversion,conversion_value,channel\n"
    for start in range(0, rows, 10_000):
        yield "".join(line(index) for index in range(start, min(start + 10_000, rows))).encode()


def line(index: int) -> str:
    told = "conversion,1,7.5" if index % 34 == 0 else "impression,0,0"
    at = f"2026-07-{1 + index % 28:02d}T{index // 3600 % 24:02d}:{index // 60 % 60:02d}:{index % 60:02d}Z"
    return f"A{index // PEOPLE:07d},{at},{told},{CHANNELS[index % len(CHANNELS)]}\n"


def run_import(tenant: int, import_id: uuid.UUID) -> str:
    with writing(tenant) as session:
        row = imports.find_import(session, import_id)
        mapping = Mapping.model_validate(row.mapping)
        imports.change_import(session, import_id, mapping=mapping, row_filter=[], create_channels=True)
        job_id = imports.start_import(session, import_id).job_id
    assert job_id is not None
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(job_id, over))
    watcher.start()
    assert run_now(job_id)
    over.set()
    watcher.join()
    with reading(tenant) as session:
        row = imports.find_import(session, import_id)
        return f"{row.state}, {row.touchpoints:,} touchpoints, {row.orders:,} orders, {row.rejected} refused"


def watch(job_id: uuid.UUID, over: threading.Event) -> None:
    """Say every few seconds how far the job is, as its page would."""
    before, began = 0, time.perf_counter()
    while not over.wait(WATCHED_SECONDS):
        with platform_reading() as session:
            job = session.get_one(Job, job_id)
            done, total = job.progress_done or 0, job.progress_total or 0
        now = time.perf_counter()
        print(f"  {done:>9,} of {total:,} rows, {(done - before) / (now - began):,.0f} rows/s", flush=True)
        before, began = done, now


def raw_inserts(home: Path, rows: int) -> float:
    """Seconds for as many rows with a key and a unique event id, by the driver alone."""
    base = sqlite3.connect(home / "raw.db", isolation_level=None)
    base.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE touch (tenant_id INT, id BLOB, contact INT, channel INT, kind TEXT, at INT, event_id TEXT,"
        " PRIMARY KEY (tenant_id, id)) WITHOUT ROWID; CREATE UNIQUE INDEX one ON touch (tenant_id, channel, event_id)"
    )
    began = time.perf_counter()
    for start in range(0, rows, 1_000):
        batch = [
            (1, uuid.uuid4().bytes, index // PEOPLE, index % 5, "impression", index, f"{index:064d}")
            for index in range(start, min(start + 1_000, rows))
        ]
        base.execute("BEGIN IMMEDIATE")
        base.executemany("INSERT INTO touch VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", batch)
        base.execute("COMMIT")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
