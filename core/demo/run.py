"""Makes the demo by driving the application through the last ninety days, jobs and journals included."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from core import clock, settings
from core.db import Database, connect, platform_reading, platform_writing
from core.demo import shows
from core.demo.brands import BRANDS, DAYS
from core.demo.counter import Counter
from core.demo.gifts import reward_cards
from core.demo.hand import Hand
from core.demo.logins import LOGINS, keep_logins, make_people
from core.demo.stall import Stall
from core.demo.videos import Videos
from core.errors import Conflict
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.tenants.models import Agency
from core.tenants.opening import open_tenant
from core.tenants.service import create_agency

ZONE = ZoneInfo("Asia/Shanghai")
AGENCY = "山海代运营 Shanhai Partners"
ROUND = 30
"""Jobs are run every so many days; each round brings the lake and the figures up to date."""

Say = Callable[[str], None]


def ensure_demo(say: Say = print) -> None:
    """Make the demo if the database holds no agency yet."""
    connect(Database(settings.current().database, hurried=True))  # a demo that was cut off is made anew
    with platform_reading() as session:
        is_empty = session.scalar(sa.select(Agency.id).limit(1)) is None
    if is_empty:  # asked and closed: a reader kept open for the whole demo keeps SQLite from reusing its log
        with _collecting_seldom():
            make_demo(say)


def make_demo(say: Say) -> None:
    """An agency with two brands and their past ninety days.

    Raises:
        Conflict: there is a demo already.
    """
    began = time.monotonic()
    with platform_reading() as session:
        if session.scalar(sa.select(Agency.id).where(Agency.name == AGENCY)) is not None:
            raise Conflict(f"The demo is here already; its logins are in {settings.current().home / LOGINS}.")
    start = datetime.combine(clock.now().astimezone(ZONE).date() - timedelta(days=DAYS), datetime.min.time(), ZONE)
    with clock.set_to(start):
        stalls, lines = _open_agency(start)
    hand, videos, counter = stalls[0].hand, [Videos(stall) for stall in stalls], Counter(stalls[0])
    with hand.at(start):
        counter.open()
        for one in videos:
            one.open()
    try:
        room = _open_room(stalls[0])
        for day in range(DAYS):
            for one in videos:
                one.live(day, exports=day % ROUND == ROUND - 1 or day == DAYS - 1)
            counter.live(day)
            _live_day(stalls, day)
            if day in shows.DAYS:
                shows.hold_show(room, day)
            if day % 15 == 14:
                say(f"  demo: {day + 1} of {DAYS} days 天 ({time.monotonic() - began:.0f} s)")
        for stall, watched in zip(stalls, videos, strict=True):
            stall.hand_over()
            watched.hand_over()
        reward_cards(stalls[0])
        shows.plan_next(room)
    finally:
        hand.close()
    run_pending()
    path = keep_logins(settings.current().home, lines)
    say(f"The demo is ready after {time.monotonic() - began:.0f} s; its logins are in {path}.")


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Look for garbage a hundred times less often: short requests leave little, and looking costs 5 %."""
    usual = gc.get_threshold()
    gc.set_threshold(100 * usual[0], *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _open_agency(start: datetime) -> tuple[list[Stall], list[str]]:
    with platform_writing() as session:
        agency = create_agency(session, name=AGENCY)
    tenants = [open_tenant(agency_id=agency.id, name=brand.name) for brand in BRANDS]
    owner, lines = make_people(agency.id, tenants)
    hand = Hand(owner)
    config = settings.current()
    prefix = f"http://{config.hosts[0]}:{config.api_port}/t/"
    stalls = [Stall(hand, brand, tenant, start, prefix) for brand, tenant in zip(BRANDS, tenants, strict=True)]
    with hand.at(start):
        for stall in stalls:
            stall.open()
    return stalls, lines


def _open_room(stall: Stall) -> shows.Room:
    with stall.hand.at(stall.start):
        return shows.open_room(stall)


def _live_day(stalls: list[Stall], day: int) -> None:
    hand = stalls[0].hand
    evening = stalls[0].start + timedelta(days=day + 1)
    for stall in stalls:
        stall.live(day)
        if day in stall.brand.blasts:
            _blast(stall, day)
    if day % ROUND == ROUND - 1 or day == DAYS - 1:
        with clock.set_to(evening):
            hand.ship()
            run_pending()


def _blast(stall: Stall, day: int) -> None:
    morning = stall.start + timedelta(days=day, hours=10)
    stall.blast(day)
    for later in (timedelta(), timedelta(minutes=30), timedelta(hours=3)):
        with clock.set_to(morning + later):
            if later:
                stall.hand.vendors.queue.deliver_due()
            if later > timedelta(hours=1):
                submit_due_polls()  # once: the vendor is asked about one message a call
            run_pending(queues=("quick",))  # lake and figures follow with the round
    stall.click_links(day)
