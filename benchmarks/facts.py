"""Facts a second through resolve and record, beside raw `executemany` of the same touchpoints, in one run on SQLite.

Run: python -m benchmarks.facts [facts]
"""

import base64
import json
import os
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core import clock
from core.contacts.service import IdentityClaim, resolve
from core.db import Database, connect, new_id, platform_writing, writing
from core.db.migrate import upgrade
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency
from core.touchpoints.service import NewTouch, record

BATCH = 1_000
START = datetime(2026, 3, 1, tzinfo=UTC)
DETAIL = {"utm_source": "poster", "utm_campaign": "spring"}
RAW = (
    "INSERT INTO touchpoint (tenant_id, id, contact_number, channel_number, kind, at, event_id, is_bot, detail, tx)"
    " VALUES (?, ?, 1, 1, 'click', ?, ?, 0, ?, 0) ON CONFLICT DO NOTHING"
)


def by_the_services(tenant: int, people: list[int]) -> float:
    """Seconds of CPU a fact: whom is it about, and its touchpoint."""
    began = time.process_time()
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        moments = [START + timedelta(seconds=start + i) for i in range(len(batch))]
        with writing(tenant) as session:
            numbers = resolve(session, [[IdentityClaim("phone", f"138{p:08d}")] for p in batch], at=moments)
            events = zip(range(start, start + BATCH), numbers, moments, strict=False)
            record(session, [NewTouch(f"e{i}", n, 1, None, "click", at, dict(DETAIL)) for i, n, at in events])
    return (time.process_time() - began) / len(people)


def by_the_driver(tenant: int, count: int) -> float:
    """Seconds of CPU a touchpoint, by the driver alone, guards and indexes included."""
    began = time.process_time()
    for start in range(0, count, BATCH):
        at = clock.to_us(START)
        rows = [(tenant, new_id().bytes, at, f"r{start + i}", json.dumps(DETAIL)) for i in range(BATCH)]
        with writing(tenant) as session:
            session.connection().exec_driver_sql(RAW, rows)
    return (time.process_time() - began) / count


def main(count: int) -> None:
    """Print both rates and their ratio."""
    home = Path(tempfile.mkdtemp())
    os.environ.update(SIYU_HOME=str(home), SIYU_SECRET_KEY=base64.b64encode(os.urandom(32)).decode())
    url = f"sqlite:///{home / 'siyu.db'}"
    upgrade(url)
    connect(Database(url))
    with platform_writing() as session:
        agency = create_agency(session, name="Benchmark")
    tenant = open_tenant(agency_id=agency.id, name="Brand", timezone="Asia/Shanghai", currency="CNY").number
    served = by_the_services(tenant, [random.randrange(count // 4) for _ in range(count)])
    raw = by_the_driver(tenant, count)
    print(
        f"resolve and record: {1 / served:,.0f} facts a CPU second; raw touchpoints: {1 / raw:,.0f}; {raw / served:.2f}"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
