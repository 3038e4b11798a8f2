"""What intervals need of one bucket: the figures of a channel or placement, not of a day, by group of contacts."""

from collections.abc import Sequence

from core.attribution.groups import BY_GROUP, with_group
from core.attribution.journeys import Floats, SmallInts
from core.attribution.model_kinds import Counter
from core.attribution.parts import Groups, Part
from core.attribution.sharing import add_up
from core.attribution.sums import Places, Sums
from core.sdk.attribution import Shares

CONTACTS, PATHS, PLACES = (BY_GROUP + name for name in ("contacts", "paths", "places"))


def count_groups(
    part: Part, groups: Groups, *, shares: Sequence[Floats | Shares], counters: Sequence[Counter], channels: int
) -> dict[str, Sums]:
    """By group: `paths` (counts: journeys, conversions; amount: value); by place and group: `places`, rows as
    those of `cells`; and the counters' sums.

    Args:
        shares: what the touch models gave this part's journeys.
    """
    journeys = part.journeys
    of = journeys.channel if groups.place is None else groups.place
    place = Places.of(with_group(of, journeys.spread(groups.journeys)))
    amounts = [row for share in shares for row in add_up(journeys, share, places=place)]
    found = {PATHS: _count_paths(part, groups), PLACES: place.sums([place.times()], amounts)}
    for counter in counters:
        counted = counter.count(part.paths, channels=channels, group=groups.paths)
        found |= {BY_GROUP + name: sums for name, sums in counted.items()}
    return found


def count_contacts(group: SmallInts) -> Sums:
    """By group: contacts. group: whole numbers, one a contact."""
    places = Places.of(group)
    return places.sums([places.times()], [])


def _count_paths(part: Part, groups: Groups) -> Sums:
    paths, places = part.paths, Places.of(groups.paths)
    conversions = places.count(paths.conversions)
    return places.sums([conversions + places.count(paths.nulls), conversions], [places.amount(paths.value)])
