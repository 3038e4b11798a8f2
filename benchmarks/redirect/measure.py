"""Redirects of tracked links against a bare Flask 302: rate, p99, and whether every click was stored.

Needs `wrk` on the PATH. Both servers run under granian with the same workers and threads; rounds alternate, so that
whatever else the machine does hits both. The shipper works all the while, as it does in life.

    uv run python benchmarks/redirect/measure.py [--seconds 5] [--rounds 3]
"""

import argparse
import base64
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = 32
WORKERS, THREADS = 2, 8
PATIENCE = 120.0
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
COOKIE = "siyu_a=" + "v" * 22


@dataclass(frozen=True)
class Round:
    """What wrk saw in one round."""

    rate: float
    p50_ms: float
    p99_ms: float
    requests: int
    errors: int


def main() -> None:
    """Measure and print; exits 1 when a click was lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    home = Path(tempfile.mkdtemp(prefix="siyu-bench-"))
    os.environ |= {"SIYU_HOME": str(home), "SIYU_SECRET_KEY": base64.b64encode(os.urandom(32)).decode()}
    code = prepare()
    shipping = [sys.executable, "-m", "core.cli", "work", "shipper"]
    bare, ours = granian("benchmarks.redirect.bare_flask:app"), granian("core.app:serve", "--factory")
    with server(*bare) as bare_port, server(*ours) as our_port, process(shipping):
        rounds = [
            (load(bare_port, code, seconds=chosen.seconds), load(our_port, code, seconds=chosen.seconds))
            for _ in range(chosen.rounds)
        ]
        sent = sum(ours.requests for _, ours in rounds)
        stored, seconds = wait_for(sent)
    show(rounds)
    print(f"clicks: {sent} answered, {stored} stored, the last {seconds:.1f} s after the load ended")
    shutil.rmtree(home)
    sys.exit(0 if stored >= sent else 1)


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
    return code


def granian(target: str, *more: str) -> tuple[list[str], int]:
    """The command of a server and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        sys.executable, "-m", "granian", target, *more, "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "warning",
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


def load(port: int, code: str, *, seconds: int) -> Round:
    """One round of wrk; its browser comes back with the cookie it got."""
    url = f"http://127.0.0.1:{port}/t/{code}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    headers = ["-H", f"User-Agent: {PHONE}", "-H", f"Cookie: {COOKIE}"]
    said = subprocess.run([*command, *headers, url], capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Round(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", said)[0]),
        p50_ms=_milliseconds(_found(r"50%\s+([\d.]+)(us|ms|s)", said)),
        p99_ms=_milliseconds(_found(r"99%\s+([\d.]+)(us|ms|s)", said)),
        requests=int(_found(r"(\d+) requests in", said)[0]),
        errors=int(wrong.group(1)) if wrong else 0,
    )


def wait_for(sent: int) -> tuple[int, float]:
    """How many clicks are in the database, and how long after the load that was so."""
    from core.db import across_tenants, connect
    from core.db.engine import Database
    from core.settings import current

    connect(Database(current().database))
    start = time.monotonic()
    while True:
        with across_tenants() as session:
            stored = int(session.connection().exec_driver_sql("SELECT count(*) FROM touchpoint").scalar_one())
        if stored >= sent or time.monotonic() - start > PATIENCE:
            return stored, time.monotonic() - start
        time.sleep(0.2)


def show(rounds: list[tuple[Round, Round]]) -> None:
    """Both sides, round by round, then the ratios of the medians."""
    print(f"{'':8}{'bare Flask 302':>34}{'tracked link':>34}")
    for bare, ours in rounds:
        print(f"{'':8}{_line(bare):>34}{_line(ours):>34}")
    rate = statistics.median(ours.rate for _, ours in rounds) / statistics.median(bare.rate for bare, _ in rounds)
    p99 = statistics.median(ours.p99_ms for _, ours in rounds) / statistics.median(bare.p99_ms for bare, _ in rounds)
    print(f"rate {rate:.2f} of bare (target 0.70), p99 {p99:.2f} times bare (target 1.5)")


def _line(one: Round) -> str:
    failed = f" {one.errors} failed" if one.errors else ""
    return f"{one.rate:,.0f}/s p50 {one.p50_ms:.1f} p99 {one.p99_ms:.1f} ms{failed}"


def _found(pattern: str, text: str) -> tuple[str, ...]:
    match = re.search(pattern, text)
    if match is None:
        raise SystemExit(f"wrk said something else:\n{text}")
    return match.groups()


def _milliseconds(parts: tuple[str, ...]) -> float:
    return float(parts[0]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[parts[1]]


if __name__ == "__main__":
    main()
