"""Everything that is added up of a brand, by channel, placement and day: the cube, who came since, and costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.journeys import Flags, Ints
from core.insights.counting import load_cube
from core.insights.cube import MEASURES as COUNTED
from core.insights.cube import count_people, unkey
from core.insights.days import Period, day_of
from core.insights.numbers import MEASURES, Numbers
from core.insights.people import newer_people
from core.placements.models import Placement, PlacementCost

NO_ROWS = np.empty((3 + len(MEASURES), 0), np.int64)


@dataclass(frozen=True, slots=True)
class Cells:
    """channel, placement, day: int64[n], keys may repeat; amounts: int64[6, n], rows as in MEASURES."""

    channel: Ints
    placement: Ints
    day: Ints
    amounts: Ints

    def select(self, chosen: Flags) -> "Cells":
        """Those of them."""
        return Cells(self.channel[chosen], self.placement[chosen], self.day[chosen], self.amounts[:, chosen])

    def total(self) -> Numbers:
        """Of all of them."""
        return Numbers(*self.amounts.sum(axis=1).tolist())

    def by(self, key: Ints) -> dict[int, Numbers]:
        """Sums for each value of `key`, int64[n], ascending."""
        found, inverse = np.unique(key, return_inverse=True)
        sums = np.zeros((len(MEASURES), len(found)), np.int64)
        for measure in range(len(MEASURES)):
            np.add.at(sums[measure], inverse, self.amounts[measure])
        return {one: Numbers(*column) for one, column in zip(found.tolist(), sums.T.tolist(), strict=True)}


def load_cells(session: Session, period: Period) -> Cells:
    """The cells of the period's days."""
    cube = load_cube(session).between(period.first, period.end)
    counted = np.stack([cube.contacts, cube.touchpoints, cube.orders, cube.first_orders, cube.revenue])
    parts = [
        np.vstack([cube.channel, cube.placement, cube.day, counted, np.zeros((1, len(cube.day)), np.int64)]),
        _newer(session, period),
        _costs(session, period),
    ]
    rows = np.concatenate(parts, axis=1)
    return Cells(rows[0], rows[1], rows[2], rows[3:])


def _newer(session: Session, period: Period) -> Ints:
    people = newer_people(session).joined_in(period.start_us, period.end_us)
    if not len(people):
        return NO_ROWS
    key, amounts = count_people(people, zone=period.zone)
    return np.vstack([*unkey(key), amounts, np.zeros((len(MEASURES) - COUNTED, len(key)), np.int64)])


def _costs(session: Session, period: Period) -> Ints:
    query = (
        sa.select(
            Placement.channel_number,
            PlacementCost.placement_number,
            PlacementCost.day,
            sa.func.sum(PlacementCost.amount_minor),
        )
        .join(Placement, Placement.number == PlacementCost.placement_number)
        .where(PlacementCost.day >= period.from_day, PlacementCost.day < period.to_day)
        .group_by(Placement.channel_number, PlacementCost.placement_number, PlacementCost.day)
    )
    found: list[Any] = list(session.execute(query))
    rows = np.zeros((3 + len(MEASURES), len(found)), np.int64)
    epoch = day_of(0)
    for index, (channel, placement, day, amount) in enumerate(found):
        rows[0, index], rows[1, index], rows[2, index] = channel, placement, (day - epoch).days
        rows[-1, index] = int(amount)
    return rows
