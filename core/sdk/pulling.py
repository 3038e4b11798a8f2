"""Several lists of several vendors behind one cursor: each is fetched by spans of time, a page of each a turn."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from core.sdk.events import Event
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Pulled
from core.sdk.values import Frozen

OVERLAP = timedelta(minutes=15)
"""Each span begins before the last one ended: vendors list some things late, and told twice they change nothing."""


class SourcePage(NamedTuple):
    """What one question brought, where to go on inside the span, and whether there is more in it."""

    events: list[Event]
    place: str = ""
    has_more: bool = False


class PullSource(NamedTuple):
    """One list: its name in the cursor, how to ask (from, to, place in the span), and the longest span asked for."""

    name: str
    ask: Callable[[datetime, datetime, str], SourcePage]
    span: timedelta = timedelta(days=7)


class _Place(Frozen):
    start: float
    end: float | None = None
    place: str = ""


def pull_from(
    sources: Sequence[PullSource], cursor: str | None, *, at: datetime, first_look: timedelta = timedelta(days=7)
) -> Pulled:
    """One page of each source, and the cursor behind it.

    A vendor that fails holds up no other: it is asked again with the next turn. When all fail, the first failure is
    raised. A cursor that cannot be read begins anew, which repeats but loses nothing.
    """
    places = _read_cursor(cursor)
    events: list[Event] = []
    failures: list[ChannelFailure] = []
    has_more = False
    for source in sources:
        place = places.get(source.name) or _Place(start=(at - first_look).timestamp())
        end = place.end or min(at.timestamp(), place.start + source.span.total_seconds())
        try:
            page = source.ask(datetime.fromtimestamp(place.start, UTC), datetime.fromtimestamp(end, UTC), place.place)
        except ChannelFailure as failure:
            failures.append(failure)
            continue
        events += page.events
        if page.has_more and page.place != place.place:
            places[source.name] = _Place(start=place.start, end=end, place=page.place)
            has_more = True
        else:
            places[source.name] = _Place(start=max(place.start, end - OVERLAP.total_seconds()))
            has_more = has_more or end < at.timestamp() - 1
    if failures and len(failures) == len(sources):
        raise failures[0]
    kept = {source.name: places[source.name].model_dump() for source in sources if source.name in places}
    return Pulled(events=tuple(events), cursor=json.dumps(kept, sort_keys=True), has_more=has_more)


def _read_cursor(cursor: str | None) -> dict[str, _Place]:
    try:
        told = json.loads(cursor or "{}")
        return {str(name): _Place.model_validate(place) for name, place in told.items()}
    except (ValueError, AttributeError, ValidationError):
        return {}
