"""Redirects of tracked links against a bare Flask 302: rate, p99, and how soon every click was stored.

Needs `wrk` on the PATH. Both servers run under granian with the same workers and threads; rounds alternate, so that
whatever else the machine does hits both. The shipper works all the while, as it does in life.

Each load is measured twice: by one browser that comes back, and by a stranger for every click (no cookie is sent, so
each click makes a visitor: a contact and an identity beside the touchpoint). Saturation by wrk shows the rate and the
p99; a steady load of 0.70 of the bare rate shows whether every click is in the database within 2 s of its end.

    uv run python -m benchmarks.redirect.measure [--seconds 5] [--rounds 3]
"""

import argparse
import base64
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.redirect.house import granian, prepare, process, server, wait_for
from benchmarks.redirect.steady import send_steadily

CONNECTIONS = 32
WANTED = 0.70
SOON = 2.0
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
BROWSER = {"User-Agent": PHONE}
VISITORS = {"one browser": {**BROWSER, "Cookie": "siyu_a=" + "v" * 22}, "strangers": BROWSER}


@dataclass(frozen=True)
class Round:
    """What wrk saw in one round."""

    rate: float
    p50_ms: float
    p99_ms: float
    requests: int
    errors: int


def main() -> None:
    """Measure and print; exits 1 when a click was lost or late."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt-get install wrk")
    home = Path(tempfile.mkdtemp(prefix="siyu-bench-"))
    os.environ |= {"SIYU_HOME": str(home), "SIYU_SECRET_KEY": base64.b64encode(os.urandom(32)).decode()}
    try:
        is_good = measure(prepare(), seconds=chosen.seconds, count=chosen.rounds)
    finally:
        shutil.rmtree(home)
    sys.exit(0 if is_good else 1)


def measure(code: str, *, seconds: int, count: int) -> bool:
    """Saturated rounds, then steady ones; whether all clicks were stored, and those of the steady load soon."""
    shipping = [sys.executable, "-m", "core.cli", "work", "shipper"]
    bare, ours = granian("benchmarks.redirect.bare_flask:app"), granian("core.app:serve", "--factory")
    sent, is_good = 0, True
    with server(*bare) as bare_port, server(*ours) as our_port, process(shipping):
        for who, headers in VISITORS.items():
            rounds = []
            for _ in range(count):
                rounds.append((load(bare_port, code, headers, seconds), load(our_port, code, headers, seconds)))
                sent = settle(f"saturated, {who}", sent, rounds[-1][1].requests)[0]
            show(rounds)
            rate = WANTED * statistics.median(bare.rate for bare, _ in rounds)
            asked, answered = send_steadily(our_port, f"/t/{code}", headers, rate=rate, seconds=seconds)
            sent, late = settle(f"steady {rate:,.0f}/s, {who}", sent, answered)
            is_good &= answered == asked and late <= SOON
    return is_good


def settle(what: str, before: int, more: int) -> tuple[int, float]:
    """Wait for the clicks and say how long it took; returns how many are there, for wrk leaves some uncounted."""
    stored, late = wait_for(before + more)
    print(f"{what + ':':36} {more:>8,} clicks, the last stored {late:.1f} s after the load", flush=True)
    if stored < before + more:
        sys.exit(f"{before + more - stored} clicks were not stored")
    return wait_until_quiet(stored), late


def wait_until_quiet(stored: int) -> int:
    """The count once it no longer grows: what wrk asked in its last moment counts for no later round."""
    while True:
        time.sleep(0.6)
        now = wait_for(0)[0]
        if now == stored:
            return now
        stored = now


def load(port: int, code: str, headers: dict[str, str], seconds: int) -> Round:
    """One round of wrk."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    for name, text in headers.items():
        command += ["-H", f"{name}: {text}"]
    url = f"http://127.0.0.1:{port}/t/{code}"
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Round(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", said)[0]),
        p50_ms=_milliseconds(_found(r"50%\s+([\d.]+)(us|ms|s)", said)),
        p99_ms=_milliseconds(_found(r"99%\s+([\d.]+)(us|ms|s)", said)),
        requests=int(_found(r"(\d+) requests in", said)[0]),
        errors=int(wrong.group(1)) if wrong else 0,
    )


def show(rounds: list[tuple[Round, Round]]) -> None:
    """Both sides, round by round, then the ratios of the medians."""
    print(f"{'':8}{'bare Flask 302':>34}{'tracked link':>34}")
    for bare, ours in rounds:
        print(f"{'':8}{_line(bare):>34}{_line(ours):>34}")
    rate = statistics.median(ours.rate for _, ours in rounds) / statistics.median(bare.rate for bare, _ in rounds)
    p99 = statistics.median(ours.p99_ms for _, ours in rounds) / statistics.median(bare.p99_ms for bare, _ in rounds)
    print(f"rate {rate:.2f} of bare (target {WANTED:.2f}), p99 {p99:.2f} times bare (target 1.5)", flush=True)


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
