"""Everything that is added up of a brand, by channel, placement and day: the cube, who came since, and costs."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.attribution.journeys import Flags, Ints
from core.insights.cube import Cube, count_people, unkey
from core.insights.days import Period
from core.insights.models import InsightCube
from core.insights.numbers import MEASURES, Numbers
from core.insights.people import newer_people
from core.placements.models import Placement, PlacementCost

Grain = Literal["day", "placement"]
"""What costs are told apart by beside their channel: those of a year and many placements are not fetched by both."""


@dataclass(frozen=True, slots=True)
class Cells:
    """channel, placement, day: int64[n], keys may repeat; amounts: int64[7, n], rows as in MEASURES."""

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


def load_cells(session: Session, period: Period, *, costs_by: Grain) -> Cells:
    """The cells of the period's days. costs_by: with "day", costs have no placement; with "placement", they all stand
    on the first day."""
    parts = [_counted(session, period), _newer(session, period), _costs(session, period, costs_by)]
    rows = np.concatenate(parts, axis=1)
    return Cells(rows[0], rows[1], rows[2], rows[3:])


def _counted(session: Session, period: Period) -> Ints:
    packed = session.scalar(sa.select(InsightCube.columns))
    if packed is None:
        return np.empty((3 + len(MEASURES), 0), np.int64)
    cube = Cube.from_bytes(packed).between(period.first, period.end)
    rows = np.zeros((3 + len(MEASURES), len(cube.day)), np.int64)
    for row, name in enumerate(cube.__slots__):
        rows[row] = getattr(cube, name)
    return rows


def _newer(session: Session, period: Period) -> Ints:
    """Contacts who joined since the cube was counted; their orders are counted with the next one."""
    people = newer_people(session).joined_in(period.start_us, period.end_us)
    key, amounts = count_people(people, np.zeros(len(people), np.int64), zone=period.zone)
    return np.vstack([*unkey(key), amounts, np.zeros((1, len(key)), np.int64)])


def _costs(session: Session, period: Period, grain: Grain) -> Ints:
    column = PlacementCost.day if grain == "day" else PlacementCost.placement_number
    query = (
        sa.select(Placement.channel_number, column, sa.func.sum(PlacementCost.amount_minor))
        .join(Placement, Placement.number == PlacementCost.placement_number)
        .where(PlacementCost.day >= period.from_day, PlacementCost.day < period.to_day)
        .group_by(Placement.channel_number, column)
    )
    found: list[Any] = session.execute(query).all()  # type: ignore[assignment]  # rows of three
    rows = np.zeros((3 + len(MEASURES), len(found)), np.int64)
    if found:
        channel, place, amount = zip(*found, strict=True)
        rows[0], rows[-1] = channel, [int(one) for one in amount]
        rows[1], rows[2] = (0, np.array(place, "datetime64[D]")) if grain == "day" else (place, period.first)
    return rows
