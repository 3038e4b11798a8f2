"""What runs look like over HTTP."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.attribution.engines import Engine
from core.attribution.matching import Cut
from core.attribution.models import UPSTREAM_BASE, AttributionRun
from core.attribution.runs import Detail, RunOptions
from core.attribution.trimming import DirectTouches, Visitors
from core.web import Body, TenantPath


class RunPath(TenantPath):
    """One run."""

    run: str = Field(max_length=64)


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


class Again(Body):
    """On which files a run is made again: those it was made of, or the newest."""

    snapshot: Literal["same", "newest"] = "same"


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
    model_versions: dict[str, str]
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
    repeats: str | None = Field(description="The run that this one was asked to make again.")
    job_id: str | None
    orders: int
    journeys: int
    seconds: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    progress: Progress


GIVEN_UP = "Its job was given up or cancelled; the list of jobs says why, and can try it again."


def show_run(run: AttributionRun, *, is_given_up: bool = False) -> RunShown:
    """A run; is_given_up: nobody works on it any more."""
    return RunShown(
        id=str(run.id),
        preset=run.preset,
        state="failed" if is_given_up else run.state,
        from_day=run.from_day,
        to_day=run.to_day,
        timezone=run.zone,
        currency=run.currency,
        lookback_days=run.lookback_days,
        half_life_days=run.half_life_days,
        cut=run.cut,
        models=list(run.models),
        model_versions=run.models,
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
        repeats=str(run.repeats) if run.repeats else None,
        job_id=str(run.job_id) if run.job_id else None,
        orders=run.orders,
        journeys=run.journeys,
        seconds=run.seconds,
        error=GIVEN_UP if is_given_up else run.error,
        created_at=run.created_at,
        finished_at=run.finished_at,
        progress=Progress(done=run.progress_done, total=run.progress_total),
    )
