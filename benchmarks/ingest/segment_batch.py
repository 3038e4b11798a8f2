"""Events a second of `/v1/batch`, accepted and durable, beside SQLite's own executemany of as many sealed-size rows.

    python -m benchmarks.ingest.segment_batch [--events 100000] [--size 500]

The application answers in this process, as one worker of the server does: parsing, judging, sealing, one transaction a
request, `synchronous=FULL`. Rounds alternate with the raw inserts, so that whatever else the machine does hits both.
Reading the events later is a job of its own and not in this figure.
"""

import argparse
import base64
import gc
import json
import os
import shutil
import sqlite3
import statistics
import time
import uuid
from pathlib import Path

from benchmarks.ingest.house import open_house
from core.app import create_app
from core.channels.service import create_channel, issue_write_key
from core.db import writing

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=500, help="events a request")
    chosen = parser.parse_args()
    home, brand = open_house()
    with writing(brand) as session:
        key = issue_write_key(session, create_channel(session, plugin_key="web", name="Site"))
    client = create_app().test_client()
    headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    gc.freeze()
    ours, raw = [], []
    for number in range(ROUNDS):
        bodies = [body(number, start, chosen.size) for start in range(0, chosen.events // ROUNDS, chosen.size)]
        began, cpu = time.perf_counter(), time.process_time()
        for one in bodies:
            answer = client.post("/v1/batch", data=one, headers=headers, content_type="application/json")
            assert answer.get_json()["accepted"] == chosen.size, answer.get_data()
        count = len(bodies) * chosen.size
        ours.append((count / (time.perf_counter() - began), count / (time.process_time() - cpu)))
        raw.append(raw_inserts(home, number, count, chosen.size))
    rate, per_cpu = (statistics.median(part) for part in zip(*ours, strict=True))
    bare, bare_cpu = (statistics.median(part) for part in zip(*raw, strict=True))
    print(f"accepted and durable  {rate:>10,.0f} events/s  ({per_cpu:,.0f} a CPU second)")
    print(f"raw executemany       {bare:>10,.0f} rows/s    (ours / raw = {rate / bare:.2f}, target 0.60)")
    print(f"by CPU seconds        {per_cpu / bare_cpu:>10.2f} of raw ({bare_cpu:,.0f} rows a CPU second)")
    shutil.rmtree(home)


def body(number: int, start: int, size: int) -> bytes:
    """A batch as the SDKs of browsers send it."""
    batch = [event(f"{number}-{start + i}") for i in range(size)]
    return json.dumps({"batch": batch, "sentAt": "2026-07-01T00:00:05Z"}).encode()


def event(name: str) -> dict[str, object]:
    return {
        "type": "page",
        "messageId": f"ajs-next-{uuid.uuid4().hex}-{name}",
        "anonymousId": str(uuid.uuid4()),
        "timestamp": "2026-07-01T00:00:00Z",
        "name": "Home",
        "properties": {"url": f"https://shop.example/p/{name}?utm_source=bench", "title": "Shop", "path": f"/p/{name}"},
        "context": {
            "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)",
            "locale": "zh-CN",
            "library": {"name": "x"},
        },
    }


def raw_inserts(home: Path, number: int, rows: int, size: int) -> tuple[float, float]:
    """Rows a second, and a CPU second: same key, bodies and transactions, by the driver alone."""
    base = sqlite3.connect(home / f"raw-{number}.db", isolation_level=None)
    base.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE incoming (tenant_id INT, id BLOB, channel INT, source TEXT, message_id TEXT, name TEXT, at INT,"
        " state TEXT, attempts INT, body BLOB, PRIMARY KEY (tenant_id, id));"
        "CREATE UNIQUE INDEX one ON incoming (tenant_id, channel, message_id);"
        "CREATE INDEX new ON incoming (tenant_id, state, id)"
    )
    sample = len(json.dumps(event("0-1"), separators=(",", ":"))) + 33
    began, cpu = time.perf_counter(), time.process_time()
    for start in range(0, rows, size):
        batch = [
            (1, uuid.uuid4().bytes, 1, "sdk", f"ajs-next-{name.hex}-{i}", "page", start, "new", 0, os.urandom(sample))
            for i, name in enumerate(uuid.uuid4() for _ in range(size))
        ]
        base.execute("BEGIN IMMEDIATE")
        base.executemany("INSERT INTO incoming VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING", batch)
        base.execute("COMMIT")
    return rows / (time.perf_counter() - began), rows / (time.process_time() - cpu)


if __name__ == "__main__":
    main()
