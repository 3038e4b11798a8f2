"""The credit table of the API turned into lines: one a channel, placement or day, with every model beside it."""

from dataclasses import dataclass, field
from decimal import Decimal

from admin_ui.shapes.attribution import Caution, Credits, Interval, Total

NOTHING = Total()
CALIBRATION = "calibration"
"""The key of the line that scaling to measured lifts leaves."""


@dataclass
class Line:
    """One row of the comparison; an empty name is the unattributed row."""

    key: str
    name: str
    by_model: dict[str, Total] = field(default_factory=dict)

    def amount(self, model: str, measure: str) -> float:
        """What the model gives this line."""
        given = self.by_model.get(model, NOTHING)
        return given.value if measure == "value" else given.conversions

    def money(self, model: str) -> Decimal | float:
        """What the model gives this line, to the cent: rounded so that lines sum to the total."""
        given = self.by_model.get(model, NOTHING)
        return given.value if given.amount is None else given.amount

    def ripeness(self, model: str) -> float | None:
        """How much of what its touches will bring has come."""
        return self.by_model.get(model, NOTHING).ripeness

    def interval(self, model: str, measure: str) -> Interval | None:
        """Its 95 % interval, where it has one."""
        given = self.by_model.get(model, NOTHING)
        return given.value_interval if measure == "value" else given.conversions_interval

    def cautions(self, model: str) -> list[Caution]:
        """What to know of it."""
        return self.by_model.get(model, NOTHING).cautions


def lines_of(found: Credits, models: list[str]) -> list[Line]:
    """Lines sorted by what the first model gives, the unattributed row last and always there."""
    lines: dict[str, Line] = {}
    nobody = Line("", "", {total.model: total for total in found.unattributed})
    for row in found.rows:
        line = nobody if not row.key else lines.setdefault(row.key, Line(row.key, row.name or row.key))
        line.by_model[row.model] = row
    ranked = sorted(lines.values(), key=lambda line: (-line.amount(models[0], "value"), line.name))
    scaled = [Line(CALIBRATION, "", {total.model: total for total in found.calibration})] if found.calibration else []
    return [*ranked, *scaled, nobody]


def total_of(found: Credits, model: str) -> Total:
    """The model's total as the API states it."""
    return next((total for total in found.totals if total.model == model), NOTHING)
