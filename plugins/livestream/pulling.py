"""Fetching from several vendors by one cursor: a span of time for each source, page after page, one page a turn."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from core.sdk import ChannelFailure, Event, Frozen, Pulled

OVERLAP = timedelta(minutes=2)
"""Each span begins a little before the last one ended: vendors list a change some seconds after it happened."""


class Page(NamedTuple):
    """What one question brought: events, where to go on inside the span, and whether there is more in it."""

    events: list[Event]
    place: str
    has_more: bool


class Source(NamedTuple):
    """One list at one vendor: its name in the cursor, how to ask it, and the longest span of one question."""

    name: str
    fetch: Callable[[datetime, datetime, str], Page]
    span: timedelta


class Place(Frozen):
    """How far one source is: all before `start` is fetched; inside [start, end) it stands at `place`."""

    start: float
    end: float | None = None
    place: str = ""


def pull_sources(sources: list[Source], cursor: str | None, *, at: datetime, first_look: timedelta) -> Pulled:
    """One page of each source. One vendor's failure keeps the others going; it is raised when nothing else came."""
    places = _read_cursor(cursor)
    events: list[Event] = []
    more, failures = False, list[ChannelFailure]()
    for source in sources:
        place = places.get(source.name) or Place(start=(at - first_look).timestamp())
        end = place.end or min(at.timestamp(), place.start + source.span.total_seconds())
        try:
            page = source.fetch(_instant(place.start), _instant(end), place.place)
        except ChannelFailure as failure:
            failures.append(failure)
            continue
        events += page.events
        if page.has_more and page.place != place.place:
            places[source.name] = Place(start=place.start, end=end, place=page.place)
            more = True
        else:
            places[source.name] = Place(start=max(place.start, end - OVERLAP.total_seconds()))
            more = more or end < at.timestamp() - 1
    if failures and not events and len(failures) == len(sources):
        raise failures[0]
    wanted = {source.name for source in sources}
    kept = {name: place.model_dump() for name, place in places.items() if name in wanted}
    return Pulled(events=tuple(events), cursor=json.dumps(kept, sort_keys=True), has_more=more)


def _read_cursor(cursor: str | None) -> dict[str, Place]:
    if not cursor:
        return {}
    return {name: Place.model_validate(place) for name, place in json.loads(cursor).items()}


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
