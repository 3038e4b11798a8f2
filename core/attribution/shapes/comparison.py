"""What two runs side by side look like over HTTP. `with` is the other run; differences are with - run."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.attribution.shapes.credits import CautionShown, IntervalShown
from core.attribution.shapes.runs import RunShown


class CompareQuery(BaseModel):
    """Which two runs, of these models (all that both have), by what."""

    run: str = Field(max_length=64)
    other: str = Field(alias="with", max_length=64)
    models: str = Field("", max_length=1000, description="Names, separated by commas.")
    by: Literal["channel", "placement", "day", "order"] = "channel"


class Paired(BaseModel):
    """Something of both runs."""

    model_config = ConfigDict(serialize_by_alias=True)


class DifferenceShown(Paired):
    """An option, or what a run was made of, that is not the same in both. models: those that no rows are made of stand
    on one side only; model_versions: of models that both have."""

    code: str
    run: object
    other: object = Field(serialization_alias="with")


class SideShown(BaseModel):
    """What one run says; share: of all that the run counts, none when it counts nothing."""

    conversions: float
    value: float
    amount: str
    share: float | None
    conversions_interval: IntervalShown | None = None
    value_interval: IntervalShown | None = None
    share_interval: IntervalShown | None = None
    ripeness: float | None = None
    too_early: bool = Field(False, description="Less than 80 % of the orders that its touches will bring has come.")


class PairShown(Paired):
    """Both sides of one line, and what lies between."""

    model: str
    run: SideShown
    other: SideShown = Field(serialization_alias="with")
    conversions_difference: float
    value_difference: float
    amount_difference: str
    share_difference: float | None


class LineShown(PairShown):
    """Of one channel, placement, day or kind of order; a side that lacks it has zeros."""

    key: str
    name: str


class StepSide(BaseModel):
    """A step's orders and money."""

    orders: int
    amount: str


class StepShown(Paired):
    """One step from what was placed to what is credited."""

    code: str
    run: StepSide
    other: StepSide = Field(serialization_alias="with")
    orders_difference: int
    amount_difference: str


class ComparisonShown(Paired):
    """rows: the lines of each model, those that differ most first (days in their order); together with unattributed
    and calibration they sum to totals, on both sides and in their differences."""

    run: RunShown
    other: RunShown = Field(serialization_alias="with")
    currency: str
    by: str
    models: list[str]
    differs: list[DifferenceShown]
    rows: list[LineShown]
    unattributed: list[PairShown]
    calibration: list[PairShown]
    totals: list[PairShown]
    revenue: list[StepShown]
    cautions: list[CautionShown]
