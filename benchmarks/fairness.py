"""A campaign of many people on one worker, and a second brand whose job comes every second meanwhile.

One process stands for the one `quick` worker: it runs what the dispatcher rings, in that order. The provider takes all
messages at once, so that the campaign is as busy as it can be. Prints how long the second brand's jobs waited, and
exits 1 when the longest waited more than `--limit` seconds or when a message was lost or doubled.

    uv run python -m benchmarks.fairness [--people 100000] [--limit 10]
"""

import argparse
import shutil
import statistics
import sys
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from benchmarks.ingest.house import open_house
from core import clock
from core.campaigns import sending, service
from core.channels.service import create_channel
from core.contacts.identities import IdentityClaim
from core.contacts.resolving import resolve
from core.db import platform_reading, platform_writing, writing
from core.jobs.dispatcher import dispatch
from core.jobs.models import Job
from core.jobs.runner import run_job
from core.jobs.service import submit
from core.plugin_host import host
from core.sdk import Message, Outcome
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.tenants.opening import open_tenant

A_STEP = 1_000
EVERY = 1.0
MORNING = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Nine o'clock in China."""


class EagerHost:
    """The real host, but for a provider that takes all at once."""

    def __init__(self) -> None:
        self.manifests, self.sent = host().manifests, list[str]()

    def call(self, key: str, verb: str, messages: Sequence[Message], settings: Mapping[str, object]) -> list[Outcome]:
        """Accept."""
        self.sent += [message.key for message in messages]
        return [Outcome(key=one.key, state="accepted", provider_id=f"p-{one.key}", parts=1) for one in messages]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--limit", type=float, default=10.0, help="seconds")
    chosen = options.parse_args()
    home, brand = open_house()
    began = time.monotonic()
    try:
        # Messages go out by day only, wherever and whenever this is run.
        with clock.set_to(lambda: MORNING + timedelta(seconds=time.monotonic() - began)):
            other = open_other(brand)
            prepare(brand, people=chosen.people)
            is_good = measure(other, people=chosen.people, limit=chosen.limit)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(0 if is_good else 1)


def open_other(brand: int) -> int:
    """The second brand's number."""
    with platform_reading() as session:
        agency = session.scalars(sa.select(Tenant.agency_id).where(Tenant.number == brand)).one()
    return open_tenant(agency_id=agency, name="Other").number


def prepare(brand: int, *, people: int) -> None:
    """The campaign, started, with everybody in it."""
    for start in range(0, people, A_STEP):
        with writing(brand) as session:
            numbers = range(start, min(start + A_STEP, people))
            resolve(session, [[IdentityClaim("phone", f"139{number:08}")] for number in numbers])
    with writing(brand) as session:
        channel = create_channel(session, plugin_key="sms", name="SMS", settings={"signature": "Tea"})
        draft = service.Draft(name="Big", message="news", audience=Everybody(), purpose="notice")
        campaign = service.create_campaign(session, channel, draft)
        service.start(session, campaign)


def measure(other: int, *, people: int, limit: float) -> bool:
    """Run until all is done; whether nobody waited longer than the limit."""
    eager, over = EagerHost(), threading.Event()
    sending.host = lambda: eager  # type: ignore[assignment,return-value]  # one verb is all that is asked of it
    asking = threading.Thread(target=ask_again, args=(other, over))
    asking.start()
    begin = time.perf_counter()
    starts = work(over, people=people, eager=eager)
    seconds = time.perf_counter() - begin
    over.set()
    asking.join()
    waits = waits_of(other)
    once = len(eager.sent) == len(set(eager.sent)) == people
    print(f"{people:,} messages in {seconds:.1f} s, {people / seconds:,.0f} a second, in {starts} turns on the worker")
    print(
        f"{len(waits)} jobs of another brand meanwhile waited {statistics.median(waits):.2f} s (median),"
        f" {max(waits):.2f} s (longest)"
    )
    return once and max(waits) <= limit


def work(over: threading.Event, *, people: int, eager: EagerHost) -> int:
    """The one worker's life: jobs in the order in which they were rung. Returns how often the campaign had its turn."""
    rung: deque[tuple[uuid.UUID, int]] = deque()
    turns = 0
    while True:
        dispatch(ring=lambda queue, job_id, attempt: rung.append((job_id, attempt)), queues=("quick",))
        if not rung:
            if len(eager.sent) >= people:
                return turns
            time.sleep(0.05)
            continue
        before = len(eager.sent)
        run_job(*rung.popleft())
        turns += len(eager.sent) > before


def ask_again(other: int, over: threading.Event) -> None:
    """A small job of the second brand every second."""
    while not over.wait(EVERY):
        with platform_writing() as session:
            submit(session, "ingest.read", {}, tenant_id=other)


def waits_of(other: int) -> list[float]:
    """How long each of the second brand's jobs took from being asked for to its end."""
    with platform_reading() as session:
        query = sa.select(Job.created_at, Job.finished_at).where(Job.owner == other, Job.finished_at.is_not(None))
        query = query.where(Job.kind == "ingest.read")
        return [(finished - asked).total_seconds() for asked, finished in session.execute(query)]


if __name__ == "__main__":
    main()
