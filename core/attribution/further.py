"""People who only met more since an earlier run: none of their orders' journeys differs, the last journey goes on.

Whoever has touches later than all that was known of them, and no order since, keeps all journeys but the null one at
the end, which grew or began. So nothing needs matching, and of what they met before only the channels at the end are
fetched. Everybody else who changed is counted as they were and as they are (increment.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.attribution.counting import counters, grouped_models
from core.attribution.group_counts import CONTACTS, PATHS, count_contacts
from core.attribution.groups import BY_GROUP, group_of
from core.attribution.grown import Counted, GrownPaths
from core.attribution.journeys import Flags, Ints, SmallInts
from core.attribution.lake_journeys import CelledTouches
from core.attribution.model_kinds import AnyModel, touch_models
from core.attribution.packing import ORDER_KINDS
from core.attribution.spreading import count_chosen
from core.attribution.sums import Places, Sums
from core.attribution.tally import Tally

Contacts = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class FurtherTouches:
    """contacts: int32[j], those whose journey grew, in any order; paths: their journeys; touches: what came, with the
    places of its credit; grouped: whether sums are wanted by group, too."""

    contacts: Contacts
    paths: GrownPaths
    touches: CelledTouches
    grouped: bool

    def __len__(self) -> int:
        return len(self.contacts)

    def count(self, models: Mapping[str, AnyModel], *, channels: int) -> tuple[Tally, Tally]:
        """What their last journeys give now, and what they gave then."""
        counted = [one.count_grown(self.paths, channels=channels) for one in counters(models)]
        counted.append(_count_journeys("paths", np.zeros(len(self.paths), np.int64), self.paths.began))
        if self.grouped:
            counted += self._count_groups(models, channels)
        rules = tuple(touch_models(models))
        now, was = ({name: sums for both in counted for name, sums in both[side].items()} for side in (0, 1))
        return Tally(rules, now), Tally(rules, was)

    def count_touches(self, channels: Ints) -> Sums:
        """See `spreading.count_touches`: what came."""
        kinds = ORDER_KINDS if self.touches.code.by_order else 1
        return count_chosen(self.touches.channel, lambda index: self.touches.cells(index) * kinds, channels=channels)

    def _count_groups(self, models: Mapping[str, AnyModel], channels: int) -> list[Counted]:
        group, began = group_of(self.contacts), self.paths.began
        counted = [_count_journeys(PATHS, group, began)]
        counted.append(({CONTACTS: count_contacts(group)}, {CONTACTS: count_contacts(group[began])}))
        for counter in counters(grouped_models(models, channels=channels)):
            now, was = counter.count_grown(self.paths, channels=channels, group=group)
            counted.append((_by_group(now), _by_group(was)))
        return counted


def _count_journeys(name: str, key: SmallInts, began: Flags) -> Counted:
    """Null journeys by key: of all now, of those that had begun then."""
    now, was = ({name: _null_journeys(one)} for one in (key, key[began]))
    return now, was


def _by_group(found: Mapping[str, Sums]) -> dict[str, Sums]:
    return {BY_GROUP + name: sums for name, sums in found.items()}


def _null_journeys(key: SmallInts) -> Sums:
    places = Places.of(key)
    journeys = places.times()
    return places.sums([journeys, np.zeros_like(journeys)], [np.zeros(len(journeys))])
