"""The credit table of the API turned into lines: one a channel, placement or day, with every model beside it."""

from dataclasses import dataclass, field

from admin_ui.shapes.attribution import Credit, Credits, Total

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


def lines_of(found: Credits, models: list[str]) -> list[Line]:
    """Lines sorted by what the first model gives, the unattributed row last and always there."""
    lines: dict[str, Line] = {}
    nobody = Line("", "", {total.model: total for total in found.unattributed})
    for row in found.rows:
        line = nobody if not row.key else lines.setdefault(row.key, Line(row.key, row.name or row.key))
        line.by_model[row.model] = _as_total(row)
    ranked = sorted(lines.values(), key=lambda line: (-line.amount(models[0], "value"), line.name))
    scaled = [Line(CALIBRATION, "", {total.model: total for total in found.calibration})] if found.calibration else []
    return [*ranked, *scaled, nobody]


def total_of(found: Credits, model: str) -> Total:
    """The model's total as the API states it."""
    return next((total for total in found.totals if total.model == model), NOTHING)


def _as_total(row: Credit) -> Total:
    return Total(model=row.model, conversions=row.conversions, value=row.value)
