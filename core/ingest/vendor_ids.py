"""Placements known by what the vendor calls them: a video's id for ever, a host or a spoken code at its time.

A channel names the fields in `placement_keys`. A value of a field in `placement_spans` comes again (a host has many
sessions, a code is said in several), so the time of the event decides between the placements that have it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.placements.models import Placement
from core.plugin_host import host

EARLY = timedelta(minutes=30)
"""Hosts begin before the hour: who comes up to so long before the planned begin came to this session."""

OPEN_END = timedelta(days=1)
"""A session without an end counts as over after so long."""


@dataclass(frozen=True)
class Keys:
    """By which fields a channel knows its placements, the surest first, and which of them come again."""

    names: tuple[str, ...]
    spans: Mapping[str, timedelta]


@dataclass
class VendorIds:
    """The placements of one channel by field and value."""

    keys: Keys
    found: dict[tuple[str, str], list[Placement]] = field(default_factory=lambda: defaultdict(list))

    def of(self, detail: Mapping[str, str], at: datetime) -> Placement | None:
        """The placement that an event at `at` with this detail belongs to."""
        for name in self.keys.names:
            value = detail.get(name, "")
            if value and (chosen := self._choose(name, value, at)):
                return chosen
        return None

    def _choose(self, name: str, value: str, at: datetime) -> Placement | None:
        span = self.keys.spans.get(name)
        if span is None:
            lasting = self.found.get((name, fold(value)), [])
            # Archived ones count, but last: what they brought may be told a month later.
            return min(lasting, key=lambda one: (one.state != "active", one.number), default=None)
        meant = [one for one in self.found.get((name, fold(value)), []) if _is_meant(one, at, span)]
        return max(meant, key=lambda one: (one.starts_at <= at, one.starts_at, one.number), default=None)


def keys_of(channel: Channel) -> Keys:
    """The channel's keys; none for a channel without a plugin."""
    plugin = host().channels.get(channel.plugin_key)
    return Keys(plugin.placement_keys, plugin.placement_spans) if plugin else Keys((), {})


def find_vendor_ids(session: Session, channel: Channel, details: Sequence[Mapping[str, object]]) -> VendorIds:
    """What these events may mean; nothing is read where none of them has a key."""
    ids = VendorIds(keys_of(channel))
    if not any(detail.get(name) for name in ids.keys.names for detail in details):
        return ids
    query = sa.select(Placement).where(Placement.channel_number == channel.number)
    for placement in session.scalars(query.order_by(Placement.number)):
        for name in ids.keys.names:
            for value in _values(str(placement.detail.get(name) or "")):
                ids.found[name, fold(value)].append(placement)
    return ids


def minute_of(channel: Channel, *, starts_at: datetime | None, ends_at: datetime | None, at: datetime) -> int | None:
    """Which minute of the show it was, the first being 1; None outside of it, or where a channel has no shows."""
    plugin = host().channels.get(channel.plugin_key)
    if plugin is None or not plugin.tells_minute or starts_at is None:
        return None
    is_within = starts_at <= at <= (ends_at or starts_at + OPEN_END)
    return int((at - starts_at).total_seconds() // 60) + 1 if is_within else None


def fold(text: str) -> str:
    """A name as people say it: full width, case and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _values(written: str) -> Iterator[str]:
    """Each of several values, and the whole: a host's name may hold a blank."""
    parts = written.replace(",", " ").replace("，", " ").replace("、", " ").split()
    yield from parts
    if len(parts) > 1:
        yield written.strip()


def _is_meant(placement: Placement, at: datetime, span: timedelta) -> bool:
    end = placement.ends_at or placement.starts_at + OPEN_END
    return placement.starts_at - EARLY <= at <= end + span
