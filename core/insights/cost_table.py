"""What contacts and orders cost and earn: by channel, placement, day, batch or SKU of cards."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from core.attribution.days import local_days
from core.insights.cells import load_cells
from core.insights.days import Period
from core.insights.lake_query import query_lake
from core.insights.naming import Dimension, Grouping, group_by
from core.insights.numbers import Numbers
from core.insights.people import people_now
from core.lake.manifest import take_snapshot


@dataclass(frozen=True, slots=True)
class CostRow:
    """worth: minor units that the contacts who joined by this have brought to this day, in all their orders."""

    key: str
    name: str
    numbers: Numbers
    worth: int

    @property
    def ltv(self) -> float | None:
        """Minor units for each contact who joined."""
        return self.worth / self.numbers.contacts if self.numbers.contacts else None


@dataclass(frozen=True, slots=True)
class CostTable:
    """total: as the overview has it; rows: those with most revenue first (days in their order), no key last."""

    total: CostRow
    rows: list[CostRow]


WORTH = """
SELECT code, sum(value)::BIGINT
FROM orders JOIN people USING (contact)
GROUP BY code
"""


def make_cost_table(session: Session, period: Period, *, by: Dimension) -> CostTable:
    """The period's costs, contacts and orders."""
    grouping = group_by(session, by)
    cells = load_cells(session, period)
    worth = _worth(session, period, grouping)
    found = cells.by(grouping.code(cells.channel, cells.placement, cells.day))
    rows = [CostRow(*grouping.name(code), numbers, worth.get(code, 0)) for code, numbers in found.items()]
    if by != "day":
        rows.sort(key=lambda row: (not row.key, -row.numbers.revenue, row.name))
    return CostTable(CostRow("", "", cells.total(), sum(worth.values())), rows)


def _worth(session: Session, period: Period, grouping: Grouping) -> dict[int, int]:
    people = people_now(session).joined_in(period.start_us, period.end_us)
    days = local_days(people.joined, zone=period.zone)
    with query_lake(take_snapshot(session)) as query:
        query.add_people(people, code=np.asarray(grouping.code(people.channel, people.placement, days)))
        return dict(query.rows(WORTH))
