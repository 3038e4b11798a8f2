"""Credit that walks up: part of each order goes to the touches that brought the inviter, the inviter's inviter, ...

Pure functions over arrays. The parts of an order sum to one whatever the chain looks like, so totals are kept.
"""

from dataclasses import dataclass

import numpy as np

from core.attribution.groups import BY_GROUP, with_group
from core.attribution.journeys import Flags, Floats, Ints, Journeys, SmallInts
from core.attribution.model_kinds import TouchModel
from core.attribution.packing import ORDER_KINDS, CellCode
from core.attribution.sharing import per_touch, weighed
from core.attribution.sums import Places, Sums

UPSTREAM = "upstream"
MOST_SHARE, DEEPEST = 0.9, 10
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Above:
    """Who stands above whom, and where those came from.

    invitee, inviter: int64[e] contact numbers, invitee ascending and unique; person: int64[p] ascending and unique, the
    inviters whose origin is known; channel, placement, day: int64[p], their origin and the local day they joined.
    """

    invitee: Ints
    inviter: Ints
    person: Ints
    channel: Ints
    placement: Ints
    day: Ints


@dataclass(frozen=True, slots=True)
class Upstream:
    """The model. share: what goes up from each to the one above; depth: how far at most; base: how the rest is shared;
    code: of the journeys' cells, by no kind of order; wide: of the result's, which also holds the days on which
    inviters joined, and the kinds of orders where they are told apart."""

    share: float
    depth: int
    base: TouchModel
    above: Above
    code: CellCode
    wide: CellCode

    def count(
        self, journeys: Journeys, contact: Ints, *, is_repeat: Flags | None = None, group: SmallInts | None = None
    ) -> dict[str, Sums]:
        """By cell of `wide`: parts of orders (count), conversions and value (amounts); with groups also by place
        (channel and placement) and group.

        Args:
            contact: whole numbers[j], whose journey it is; group: theirs.
            is_repeat: bool[j], whether they had an order before; asked for where `wide` is by order.
        """
        ancestors = climb(contact.astype(np.int64), self.above, depth=self.depth)
        place, known = _find(self.above.person, ancestors)
        parts = share_out(ancestors != NOBODY, known, share=self.share)
        own = per_touch(journeys, weighed(journeys, self.base.credits(journeys))) * journeys.spread(parts[:, 0])
        given = parts[:, 1:] > 0
        row, up = np.nonzero(given)[0], parts[:, 1:][given]
        cell = np.concatenate([self._widened(journeys.cell), self._origin_cell(place[given])])
        owner = np.concatenate([journeys.owner, row])
        if self.wide.by_order:
            assert is_repeat is not None, "the result is told apart by it"
            cell = cell * ORDER_KINDS + is_repeat[owner]
        part = np.concatenate([own, up])
        amounts = part * journeys.conversions[owner], part * journeys.value[owner]
        found = {UPSTREAM: _added_up(cell, *amounts)}
        if group is not None:
            found[BY_GROUP + UPSTREAM] = _added_up(with_group(self.wide.places(cell), group[owner]), *amounts)
        return found

    def _widened(self, cell: Ints) -> Ints:
        rest, day = np.divmod(cell.astype(np.int64), self.code.days)
        return rest * self.wide.days + day + self.code.first_day - self.wide.first_day

    def _origin_cell(self, place: Ints) -> Ints:
        above = self.above
        return self.wide.pack(above.channel[place], above.placement[place], above.day[place])


def _added_up(key: SmallInts, conversions: Floats, value: Floats) -> Sums:
    places = Places.of(key)
    return places.sums([places.times()], [places.amount(conversions), places.amount(value)])


def climb(contact: Ints, above: Above, *, depth: int) -> Ints:
    """int64[j, depth]: the inviter of each contact, that one's, and so on; NOBODY from where the chain ends. Nobody is
    met twice: a circle, which a merge can make, ends before it closes."""
    found = np.full((len(contact), depth), NOBODY, np.int64)
    current = contact
    for level in range(depth):
        place, known = _find(above.invitee, current)
        up = np.where(known, above.inviter[place], NOBODY) if len(above.invitee) else found[:, level]
        met = (up == contact) | (found[:, :level] == up[:, None]).any(axis=1)
        found[:, level] = current = np.where(met, NOBODY, up)
    return found


def share_out(exists: Flags, known: Flags, *, share: float) -> Floats:
    """float64[j, depth + 1]: what stays with the order's own touches (column 0) and what each level above gets.

    Everybody below the top keeps 1 - share of what reaches them and passes the rest on: own 1 - s, then s (1 - s),
    s^2 (1 - s), ..., the top s^m. What would reach somebody of unknown origin stays with the one below.
    Rows sum to one.

    Args:
        exists: bool[j, depth], whether there is somebody at that level.
        known: bool[j, depth], whether their origin is known.
    """
    depth = exists.shape[1]
    reach = np.ones((len(exists), depth + 1))
    reach[:, 1:] = exists * share ** np.arange(1, depth + 1)
    parts = reach.copy()
    parts[:, :-1] -= reach[:, 1:]
    for level in range(depth, 0, -1):
        stays = np.where(known[:, level - 1], 0.0, parts[:, level])
        parts[:, level] -= stays
        parts[:, level - 1] += stays
    return parts


def _find(known: Ints, wanted: Ints) -> tuple[Ints, Flags]:
    """Where each of `wanted` stands in `known` (ascending), and whether it does."""
    if not len(known):
        return np.zeros(wanted.shape, np.int64), np.zeros(wanted.shape, np.bool_)
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return place, known[place] == wanted
