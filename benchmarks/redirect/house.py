"""What the measurement runs against: a database with one link, two servers alike, and the shipper."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 8
PATIENCE = 120.0


def prepare() -> str:
    """A database with one brand and one link; returns its code."""
    from core.channels.service import create_channel
    from core.db import connect, database, platform_writing, writing
    from core.db.engine import Database
    from core.db.migrate import upgrade
    from core.placements.service import create_placement, make_link
    from core.settings import current
    from core.tenants.opening import open_tenant
    from core.tenants.service import create_agency

    upgrade(current().database)
    connect(Database(current().database))
    with platform_writing() as session:
        agency = create_agency(session, name="Bench")
    tenant = open_tenant(agency_id=agency.id, name="Bench")
    with writing(tenant.number) as session:
        channel = create_channel(session, plugin_key="other", name="Bench")
        placement = create_placement(session, channel=channel, name="Bench")
        code = make_link(session, placement, "https://shop.example/").code
    database().dispose()
    connect(Database(current().database))
    return code


def granian(target: str, *more: str) -> tuple[list[str], int]:
    """The command of a server and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "granian", target, *more, "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "error",
    ]  # fmt: skip
    return command, port


@contextmanager
def process(command: list[str]) -> Iterator[None]:
    """Run a command with its children until the block ends."""
    running = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(10)


@contextmanager
def server(command: list[str], port: int) -> Iterator[int]:
    """A server that answers."""
    with process(command):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port


def wait_for(sent: int) -> tuple[int, float]:
    """How many clicks are in the database, and how long after the load that was so."""
    from core.db import across_tenants

    start = time.monotonic()
    while True:
        with across_tenants() as session:
            query = "SELECT (SELECT max(rowid) FROM touchpoint) AS stored"  # nothing is deleted: the rowid counts
            stored = int(session.connection().exec_driver_sql(query).scalar_one() or 0)
        if stored >= sent or time.monotonic() - start > PATIENCE:
            return stored, time.monotonic() - start
        time.sleep(0.05)
