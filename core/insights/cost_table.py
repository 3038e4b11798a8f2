"""What contacts and orders cost and earn: by channel, placement, day, batch or SKU of cards."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.insights.cells import load_cells
from core.insights.days import Period
from core.insights.naming import Dimension, group_by
from core.insights.numbers import Numbers


@dataclass(frozen=True, slots=True)
class CostRow:
    """The numbers of a channel, placement, day, batch or SKU; no key: of none."""

    key: str
    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class CostTable:
    """total: as the overview has it; rows: those with most revenue first (days in their order), no key last."""

    total: Numbers
    rows: list[CostRow]


def make_cost_table(session: Session, period: Period, *, by: Dimension) -> CostTable:
    """The period's costs, contacts and orders."""
    grouping = group_by(session, by)
    cells = load_cells(session, period, costs_by="day" if by == "day" else "placement")
    found = cells.by(grouping.code(cells.channel, cells.placement, cells.day))
    rows = [CostRow(*grouping.name(code), numbers) for code, numbers in found.items()]
    if by != "day":
        rows.sort(key=lambda row: (not row.key, -row.numbers.revenue, row.name))
    return CostTable(cells.total(), rows)
