"""What a channel's account has used of its day, what the day's plan will still use, and when it would be used up.

Messages: what left the house, and what running campaigns still have to send before midnight, at most: consent and caps
are judged when a message leaves. Requests: counted as they are sent; the plan is the schedule's rounds until midnight,
each as large as the rounds of the last week. Requests that answer pushes or look up receipts follow what happens, and
are in no plan. Quotas are what the operator entered: vendors set them for each account and tell them nowhere.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.campaigns.quota import count_today
from core.campaigns.waiting import waiting_today
from core.channels.models import Channel
from core.channels.service import settings_of
from core.ingest.calls import calls_since
from core.ingest.measuring import EVERY_HOURS
from core.ingest.models import VendorCalls
from core.plugin_host import host
from core.sdk.manifest import Limit
from core.tenants.service import tenant_now

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Use:
    """One count of a day against its quota; `daily` is None where nobody knows it, and then nothing is foreseen."""

    used: int
    planned: int
    daily: int | None
    used_up_at: datetime | None


@dataclass(frozen=True)
class HostUse:
    """Requests to one host of a vendor for one verb."""

    host: str
    verb: str
    used: int
    planned: int


@dataclass(frozen=True)
class ChannelUse:
    """All of it; `messages` or `requests` is None for a channel that sends none."""

    limits: tuple[Limit, ...]
    until: datetime
    messages: Use | None
    requests: Use | None
    hosts: list[HostUse]


def read_use(session: Session, channel: Channel) -> ChannelUse:
    """The day of one channel's account, by the brand's clock."""
    manifest = host().manifests.get(channel.plugin_key)
    abilities: set[str] = {*manifest.capabilities} if manifest else set()
    settings, until = settings_of(session, channel), _midnight(session)
    hosts = _hosts(session, channel, abilities, until)
    asks = bool(hosts) or bool(abilities & {"pull", "measure", "fetch", "lookup"})
    return ChannelUse(
        limits=manifest.limits if manifest else (),
        until=until,
        messages=_messages(session, channel, settings) if "deliver" in abilities else None,
        requests=_requests(hosts, _quota(settings, "daily_calls"), until) if asks else None,
        hosts=hosts,
    )


def rounds_left(verb: str, now: datetime, until: datetime, pause: timedelta) -> int:
    """How often the schedule still begins the verb before `until`; verbs that follow events are in no schedule."""
    if verb == "pull":
        return max(int((until - now) / pause), 0)
    if verb == "measure":
        every = EVERY_HOURS * 3600
        return int((until.timestamp() - 1) // every - now.timestamp() // every)
    return 0


def foresee(used: int, planned: int, daily: int | None, when: Callable[[int], datetime]) -> Use:
    """`when` tells at what instant so many of the planned ones have gone."""
    if daily is None or used + planned <= daily:
        return Use(used, planned, daily, None)
    return Use(used, planned, daily, when(max(daily - used, 0)))


def _messages(session: Session, channel: Channel, settings: Mapping[str, JsonValue]) -> Use:
    waiting = waiting_today(session, channel.number)

    def when(rest: int) -> datetime:
        return next(one.at for one in waiting if one.upto > rest)

    used, planned = count_today(session, channel.number), waiting[-1].upto if waiting else 0
    return foresee(used, planned, _quota(settings, "daily_quota"), when)


def _requests(hosts: Sequence[HostUse], daily: int | None, until: datetime) -> Use:
    now = clock.now()
    used, planned = sum(one.used for one in hosts), sum(one.planned for one in hosts)

    def when(rest: int) -> datetime:
        return now + (until - now) * (rest / planned) if planned else now

    return foresee(used, planned, daily, when)


def _hosts(session: Session, channel: Channel, abilities: set[str], until: datetime) -> list[HostUse]:
    now, today = clock.now(), _day(until)
    pause = timedelta(seconds=host().channels[channel.plugin_key].pull_seconds) if "pull" in abilities else WEEK
    kept: dict[tuple[str, str], list[VendorCalls]] = defaultdict(list)
    for row in calls_since(session, channel.number, today - WEEK):
        kept[row.host, row.verb].append(row)
    found = []
    for (name, verb), rows in kept.items():
        rounds = rounds_left(verb, now, until, pause) if verb in abilities else 0
        each = sum(row.calls for row in rows) / max(sum(row.rounds for row in rows), 1)
        used = sum(row.calls for row in rows if row.day == today)
        if used or rounds:
            found.append(HostUse(name, verb, used, round(rounds * each)))
    return found


def _quota(settings: Mapping[str, JsonValue], name: str) -> int | None:
    daily = settings.get(name)
    return daily if isinstance(daily, int) and daily > 0 else None


def _midnight(session: Session) -> datetime:
    zone = ZoneInfo(tenant_now(session).timezone)
    local = clock.now().astimezone(zone) + timedelta(days=1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _day(until: datetime) -> date:
    return (until - timedelta(days=1)).date()
