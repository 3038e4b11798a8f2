"""What runs, credits and receipts look like over HTTP."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.attribution.cautions import Caution, cautions_of_line
from core.attribution.credits import CreditLine
from core.attribution.engines import Engine
from core.attribution.jackknife import half_width
from core.attribution.lifts import MeasuredLift
from core.attribution.matching import Cut
from core.attribution.models import UPSTREAM_BASE, AttributionRun
from core.attribution.runs import Detail, RunOptions
from core.attribution.trimming import DirectTouches, Visitors
from core.experiments.lift import Interval
from core.orders.api import OrderShown
from core.web import Body, TenantPath


class RunPath(TenantPath):
    """One run."""

    run: str = Field(max_length=64)


class OrderPath(TenantPath):
    """One order."""

    order: str = Field(max_length=64)


class NewRun(Body):
    """A run to make: orders placed on the local days [from, to)."""

    from_day: date = Field(alias="from")
    to_day: date = Field(alias="to")
    lookback_days: float = 90
    half_life_days: float = 7
    cut: Cut = Cut.PREVIOUS_ORDER
    models: list[str] = Field(default=[], max_length=30)
    upstream_share: float = 0
    upstream_depth: int = 3
    upstream_base: str = Field(UPSTREAM_BASE, max_length=60)
    calibrate: bool = False
    detail: Detail = Detail.AUTO
    collapse: bool = False
    direct_touches: DirectTouches = DirectTouches.KEEP
    visitors: Visitors = Visitors.COUNT
    kind_weights: dict[str, float] = Field(default={}, max_length=20)
    engine: Engine | None = None

    def options(self) -> RunOptions:
        """As the service takes them."""
        return RunOptions(
            self.from_day,
            self.to_day,
            self.lookback_days,
            self.half_life_days,
            self.cut,
            tuple(self.models),
            self.upstream_share,
            self.upstream_depth,
            self.upstream_base,
            self.calibrate,
            self.detail,
            self.collapse,
            self.direct_touches,
            self.visitors,
            self.kind_weights,
            self.engine,
        )


class CreditsQuery(BaseModel):
    """Which credits: of a run (the newest over all time when left out), of these models (all), by what."""

    run: str | None = Field(None, max_length=64)
    models: str = Field("", max_length=1000, description="Names, separated by commas.")
    by: Literal["channel", "placement", "day", "order"] = "channel"


class ReceiptQuery(BaseModel):
    """By which run; the newest over all time when left out."""

    run: str | None = Field(None, max_length=64)


class Progress(BaseModel):
    """Buckets done, over both passes."""

    done: int
    total: int


class RunShown(BaseModel):
    """A run with its options, snapshot and totals."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    preset: str | None
    state: str
    from_day: date = Field(serialization_alias="from")
    to_day: date = Field(serialization_alias="to")
    timezone: str
    currency: str
    lookback_days: float
    half_life_days: float
    cut: str
    models: list[str]
    upstream_share: float
    upstream_depth: int
    upstream_base: str
    calibrate: bool
    detail: str
    collapse: bool
    direct_touches: str
    visitors: str
    kind_weights: dict[str, float]
    ripeness: float | None = Field(description="Share of the conversions that its touches will bring that has come.")
    contacts: int | None = Field(description="Who had a touch in the window; none when it was made without intervals.")
    engine: str
    version: str
    generation: int | None
    made: Literal["full", "increment"]
    followed: str | None
    changed_contacts: int | None
    job_id: str | None
    orders: int
    journeys: int
    seconds: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    progress: Progress


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
    """A model's credit of one channel, placement or day; intervals are of channels."""

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


class ShareShown(BaseModel):
    """What a model gives a touch; explains: a channel model, whose shares are an explanation."""

    model: str
    share: float
    amount: str
    explains: bool


class TouchShown(BaseModel):
    """A touch in a receipt; reason: why it did not count."""

    id: str
    at: datetime
    channel: str
    placement: str | None
    kind: str
    shares: list[ShareShown]
    reason: str | None


class UpstreamShown(BaseModel):
    """What the model `upstream` gives an inviter so many levels above: at what brought them, on the day they joined."""

    level: int
    contact_number: int
    channel: str
    placement: str | None
    day: date
    share: float
    amount: str


class ReceiptShown(BaseModel):
    """Why an order counts for these channels; each model's amounts, for `upstream` with those that went up, sum to its
    net value."""

    order: OrderShown
    run: RunShown
    counted: bool
    models: list[str]
    touches: list[TouchShown]
    outside: list[TouchShown]
    upstream: list[UpstreamShown] = []


def show_run(run: AttributionRun) -> RunShown:
    """A run."""
    return RunShown(
        id=str(run.id),
        preset=run.preset,
        state=run.state,
        from_day=run.from_day,
        to_day=run.to_day,
        timezone=run.zone,
        currency=run.currency,
        lookback_days=run.lookback_days,
        half_life_days=run.half_life_days,
        cut=run.cut,
        models=list(run.models),
        upstream_share=run.upstream_share,
        upstream_depth=run.upstream_depth,
        upstream_base=run.upstream_base,
        calibrate=run.calibrate,
        detail=run.detail,
        collapse=run.collapse,
        direct_touches=run.direct_touches,
        visitors=run.visitors,
        kind_weights=run.kind_weights,
        ripeness=run.maturing.get("share"),
        contacts=run.sample.get("contacts") if run.sample.get("groups") else None,
        engine=run.engine,
        version=run.version,
        generation=run.generation,
        made="full" if run.followed is None else "increment",
        followed=str(run.followed) if run.followed else None,
        changed_contacts=run.changed_contacts,
        job_id=str(run.job_id) if run.job_id else None,
        orders=run.orders,
        journeys=run.journeys,
        seconds=run.seconds,
        error=run.error,
        created_at=run.created_at,
        finished_at=run.finished_at,
        progress=Progress(done=run.progress_done, total=run.progress_total),
    )


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
    """Credits are never below zero, so the interval is not either."""
    if error is None:
        return None
    half = half_width(error, groups=groups)
    return IntervalShown(low=max(0.0, total - half), high=total + half)


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
