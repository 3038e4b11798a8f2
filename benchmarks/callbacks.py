"""Callbacks in haste: 100 a second for a minute, a fifth of them doubled, into the platform as users start it.

The simulator signs them as Twilio does and waits for each acknowledgement; then every callback must have become
exactly one touchpoint. Exits 1 when one was refused, late, lost or doubled.

    uv run python -m benchmarks.callbacks [--rate 100] [--seconds 60] [--limit 2]
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from core.ops.sessions import session_members
from core.simulator.moods import Moods
from core.simulator.posting import post_by_http
from core.simulator.stage import Simulator
from core.simulator.vendors.twilio import Twilio
from core.simulator.wire import Ack, News, Posting
from tests.servers.siyu import Running, free_port, running_siyu

DOUBLED = 0.2
THREADS = 32
PATIENCE = 120.0


class Watch:
    """Posts callbacks and keeps what was said to each."""

    def __init__(self) -> None:
        self.acks: list[Ack] = []

    def __call__(self, posting: Posting, within: float) -> Ack:
        """One callback."""
        ack = post_by_http(posting, within)
        self.acks.append(ack)
        return ack


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=100)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--limit", type=float, default=2.0, help="seconds; Douyin's live push allows 2, most allow 5")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="siyu-bench-"))
    ports = {f"SIYU_{name}_PORT": str(free_port()) for name in ("API", "UI", "SIMULATOR")}
    os.environ |= {"SIYU_HOME": str(home), **ports}
    try:
        hook = prepare()
        with running_siyu(home, settings=ports) as running:
            before = spent(running)
            is_good = measure(hook, rate=chosen.rate, seconds=chosen.seconds, limit=chosen.limit)
            after = spent(running)
            shares = ", ".join(f"{name} {after[name] - before[name]:.1f}" for name in before)
            print(f"CPU seconds: {shares}, the simulator here {time.process_time():.1f}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(0 if is_good else 1)


def prepare() -> str:
    """A brand whose texts go through the simulated Twilio; the address that Twilio calls back."""
    from core.channels.service import change_channel, create_channel, issue_hook
    from core.db import Database, connect, platform_writing, writing
    from core.ops.init import initialise
    from core.settings import current
    from core.tenants.opening import open_tenant
    from core.tenants.service import create_agency

    initialise()
    connect(Database(current().database))
    with platform_writing() as session:
        agency = create_agency(session, name="Bench")
    tenant = open_tenant(agency_id=agency.id, name="Bench")
    form = {"signature": "Bench", "provider": {"kind": "twilio", **Twilio.account}}
    with writing(tenant.number) as session:
        channel = create_channel(session, plugin_key="sms", name="Texts", settings=form)
        hook = f"http://127.0.0.1:{current().api_port}/hooks/{issue_hook(session, channel)}"
        form["provider"] = {"kind": "twilio", **Twilio.account, "callback_url": hook}
        change_channel(session, channel, name="Texts", settings=form)
    return hook


def measure(hook: str, *, rate: int, seconds: int, limit: float) -> bool:
    """One run; whether nothing was refused, late, lost or doubled."""
    vendor, watch = Twilio(), Watch()
    vendor.hooks[""] = hook
    simulator = Simulator(only=[vendor], post=watch)
    total = rate * seconds
    unique = round(total / (1 + DOUBLED))
    moods = Moods(doubled=DOUBLED)
    for number in range(unique):
        simulator.queue.plan(vendor, moods, _text(vendor, number, after=2 + number * seconds / unique))
    began = time.monotonic()
    simulator.queue.start(THREADS)
    while simulator.queue.waiting():
        time.sleep(0.1)
    simulator.queue.wait_until_idle(60)
    sending = time.monotonic() - began - 2
    simulator.queue.stop()
    stored, after = wait_for(unique)
    took = sorted(ack.took * 1000 for ack in watch.acks)
    refused = sum(not 200 <= ack.status < 300 for ack in watch.acks)
    late = sum(one > limit * 1000 for one in took)
    print(f"{len(took):,} callbacks in {sending:.1f} s ({len(took) / sending:.0f}/s), {unique:,} different ones")
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    print(f"acknowledged: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {took[-1]:.1f} ms")
    print(f"refused {refused}, slower than {limit:g} s {late}; given up {simulator.queue.counts.given_up}")
    print(f"touchpoints {stored:,}, all {after:.1f} s after the last acknowledgement")
    return not refused and not late and stored == unique


def spent(running: Running) -> dict[str, float]:
    """CPU seconds of each service with its children, the dead ones, too."""
    ticks = os.sysconf("SC_CLK_TCK")
    return {
        name: sum(sum(_times_of(pid)) for pid in session_members(process)) / ticks
        for name, process in running.services().items()
    }


def _times_of(pid: int) -> list[int]:
    """User and system time, its own and of children that it has buried."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [int(field) for field in fields[11:15]]


def wait_for(wanted: int) -> tuple[int, float]:
    """How many touchpoints there are once nothing more comes, and how long that took."""
    from core.db import across_tenants

    began, seen, since = time.monotonic(), -1, time.monotonic()
    while time.monotonic() - began < PATIENCE:
        with across_tenants() as session:
            query = "SELECT count(*) FROM touchpoint WHERE kind = 'reply'"
            stored = int(session.connection().exec_driver_sql(query).scalar_one())
        if stored != seen:
            seen, since = stored, time.monotonic()
        if stored >= wanted and time.monotonic() - since > 3:  # one too many would come now
            break
        time.sleep(0.2)
    return seen, since - began


def _text(vendor: Twilio, number: int, *, after: float) -> News:
    news = vendor.reply(f"+8617{number:09d}", f"hello {number}", number)
    return News(news.what, news.content, after=after)


if __name__ == "__main__":
    main()
