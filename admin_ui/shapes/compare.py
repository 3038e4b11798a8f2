"""Two runs side by side."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import AliasChoices, Field

from admin_ui.shapes.attribution import Caution, Interval, Run
from admin_ui.shapes.web import Shape

OTHER = AliasChoices("with", "other")


class MadeRun(Run):
    """A run with what it was made of."""

    timezone: str = ""
    generation: int | None = None


class Side(Shape):
    """What one run says of a line."""

    conversions: float = 0
    value: float = 0
    amount: Decimal = Decimal(0)
    share: float | None = None
    conversions_interval: Interval | None = None
    value_interval: Interval | None = None
    too_early: bool = False

    def of(self, measure: str) -> float:
        """The figure of this measure."""
        return self.value if measure == "value" else self.conversions

    def interval(self, measure: str) -> Interval | None:
        """Its interval, where it has one."""
        return self.value_interval if measure == "value" else self.conversions_interval


class Pair(Shape):
    """Both sides of a line; the differences are the other's less the first one's. An empty key is the total."""

    model: str
    key: str = ""
    name: str = ""
    run: Side
    other: Side = Field(validation_alias=OTHER)
    conversions_difference: float = 0
    value_difference: float = 0
    amount_difference: Decimal = Decimal(0)
    share_difference: float | None = None


class StepSide(Shape):
    """A step's orders and money."""

    orders: int = 0
    amount: Decimal = Decimal(0)


class StepPair(Shape):
    """One step from what was placed to what is credited, of both."""

    code: str
    run: StepSide
    other: StepSide = Field(validation_alias=OTHER)
    orders_difference: int = 0
    amount_difference: Decimal = Decimal(0)


class Difference(Shape):
    """An option that is not the same in both."""

    code: str
    run: Any = None
    other: Any = Field(None, validation_alias=OTHER)


class Comparison(Shape):
    """The whole comparison."""

    run: MadeRun
    other: MadeRun = Field(validation_alias=OTHER)
    currency: str = "CNY"
    models: list[str] = []
    differs: list[Difference] = []
    rows: list[Pair] = []
    unattributed: list[Pair] = []
    calibration: list[Pair] = []
    totals: list[Pair] = []
    revenue: list[StepPair] = []
    cautions: list[Caution] = []


def last_day(run: Run) -> str:
    """The last day of a run's window, which ends before `end`."""
    return date.fromordinal(date.fromisoformat(run.end).toordinal() - 1).isoformat() if run.end else ""
