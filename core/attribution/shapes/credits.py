"""What credits look like over HTTP."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, Field

from core.attribution.cautions import Caution, cautions_of_line
from core.attribution.credits import CreditLine
from core.attribution.intervals import interval_of
from core.attribution.lifts import MeasuredLift
from core.attribution.shapes.runs import RunShown
from core.experiments.lift import Interval


class CreditsQuery(BaseModel):
    """Which credits: of a run (the newest over all time when left out), of these models (all), by what."""

    run: str | None = Field(None, max_length=64)
    models: str = Field("", max_length=1000, description="Names, separated by commas.")
    by: Literal["channel", "placement", "day", "order"] = "channel"


class Total(BaseModel):
    """A model's sum. amount: its value to the cent; rows are rounded so that they sum to the totals exactly."""

    model: str
    conversions: float
    value: float
    amount: str


class IntervalShown(BaseModel):
    """95 %: what other contacts, met by the same chances, might have shown."""

    low: float
    high: float


class CautionShown(BaseModel):
    """What to know before acting: a code of a closed list and its sentence."""

    code: str
    zh: str
    en: str


class CreditShown(Total):
    """A model's credit of one channel, placement or day; intervals are of channels and, by the rules of
    thumb, of placements."""

    key: str
    name: str
    conversions_interval: IntervalShown | None = None
    value_interval: IntervalShown | None = None
    ripeness: float | None = Field(
        None, description="Share of the conversions that its touches will bring that has come; none if nobody can tell."
    )
    cautions: list[CautionShown] = []
    removal_effect: float | None = None
    raw: float | None = None
    raw_se: float | None = None
    calibration: float | None = None


class RangeShown(BaseModel):
    """A total with its 95 % interval."""

    total: float
    low: float
    high: float


class MeasuredShown(BaseModel):
    """What an experiment measured of this channel or placement: what would not have been without it."""

    experiment_id: str
    experiment: str
    key: str
    buyers: RangeShown
    value: RangeShown | None
    verdict: str
    zh: str
    en: str


class RevenueShown(BaseModel):
    """One step from what was placed to what is credited: placed - cancelled - refunded - waiting = counted, and
    counted - unattributed = credited. waiting: not yet in the lake that the run was made of."""

    code: Literal["placed", "cancelled", "refunded", "waiting", "counted", "unattributed", "credited"]
    orders: int
    amount: str


class CreditsShown(BaseModel):
    """rows: credits; unattributed: orders without a touch; calibration: what scaling to measured lifts took from a
    model (below 0: gave it), empty unless the run was asked for it; totals: all together, equal for all models."""

    run: RunShown
    models: list[str]
    by: str
    currency: str
    rows: list[CreditShown]
    totals: list[Total]
    unattributed: list[Total]
    calibration: list[Total] = []
    measured: list[MeasuredShown] = []
    revenue: list[RevenueShown] = []
    cautions: list[CautionShown] = []


def show_line(line: CreditLine, *, amount: str, groups: int) -> CreditShown:
    """A line of the credit table. amount: its value to the cent; groups: that its intervals are made of."""
    value = _show_interval(line.value, line.se_value, groups)
    return CreditShown(
        conversions_interval=_show_interval(line.conversions, line.se, groups),
        value_interval=value,
        amount=amount,
        ripeness=line.ripeness,
        cautions=show_cautions(
            cautions_of_line(line.value, (value.low, value.high) if value else None, ripeness=line.ripeness)
        ),
        model=line.model,
        key=line.key,
        name=line.name,
        conversions=line.conversions,
        value=line.value,
        removal_effect=line.removal_effect,
        raw=line.raw,
        calibration=line.calibration,
        raw_se=line.raw_se,
    )


def show_cautions(cautions: Sequence[Caution]) -> list[CautionShown]:
    """With their sentences in both languages."""
    return [CautionShown(code=one.code, zh=one.zh, en=one.en) for one in cautions]


def _show_interval(total: float, error: float | None, groups: int) -> IntervalShown | None:
    if error is None:
        return None
    low, high = interval_of(total, error, groups=groups)
    return IntervalShown(low=low, high=high)


def show_measured(lift: MeasuredLift, *, key: str) -> MeasuredShown:
    """A measured lift beside the credits; key: as in the rows."""
    verdict = lift.verdict
    return MeasuredShown(
        experiment_id=lift.experiment_id,
        experiment=lift.experiment,
        key=key,
        buyers=_show_range(lift.buyers),
        value=None if lift.value is None else _show_range(lift.value),
        verdict=verdict.code,
        zh=verdict.zh,
        en=verdict.en,
    )


def _show_range(total: Interval) -> RangeShown:
    return RangeShown(total=total.difference, low=total.low, high=total.high)
