"""Experiments as the API takes and shows them."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from core import clock
from core.contacts.identities import KINDS
from core.experiments.lift import Arm, Interval, detectable, people_needed, rate_lift, value_lift
from core.experiments.measuring import Measured
from core.experiments.models import Experiment
from core.experiments.verdicts import judge
from core.placements.models import Placement
from core.tenants.currencies import to_major
from core.web import Body, TenantPath


class ExperimentPath(TenantPath):
    """One experiment."""

    experiment: str = Field(max_length=64)


class NewExperiment(Body):
    """Hold out a share of the people from a placement; a campaign's own stands in its `placement_id`."""

    name: str = Field(min_length=1, max_length=120)
    placement_id: str = Field(max_length=64)
    share: float = 0.1
    window_days: int = 14


class SomebodyNamed(Body):
    """One identity of a person."""

    kind: str = Field(description=", ".join(KINDS), max_length=24)
    value: str = Field(min_length=1, max_length=256)
    app: str | None = Field(None, max_length=256)


class PeopleNamed(Body):
    """Whom something is about to be shown to."""

    people: list[SomebodyNamed] = Field(min_length=1, max_length=500)


class ArmShown(BaseModel):
    """People whose window has passed; `value` a person, in major units."""

    people: int
    converted: int
    rate: float
    value: float


class LiftShown(BaseModel):
    """Treated less held out, a person, with its 95 % interval; `total`: over all treated people."""

    difference: float
    low: float
    high: float
    total: float
    total_low: float
    total_high: float


class PowerShown(BaseModel):
    """detectable: the smallest difference of rates that so many people show in four of five experiments; needed: people
    of both arms for the difference that was seen."""

    detectable: float | None
    needed: int | None


class VerdictShown(BaseModel):
    """In words."""

    code: str
    zh: str
    en: str


class ExperimentShown(BaseModel):
    """An experiment with what it measured so far. unripe: people whose window is open; mixed: people of both arms,
    after a merge, who are left out."""

    id: str
    name: str
    placement_id: str
    placement: str
    share: float
    window_days: int
    state: str
    started_at: datetime
    ended_at: datetime | None
    treated: ArmShown
    held_out: ArmShown
    unripe: int
    mixed: int
    days_left: int
    lift: LiftShown | None
    value_lift: LiftShown | None
    power: PowerShown
    verdict: VerdictShown
    currency: str


def show_experiment(
    experiment: Experiment, measured: Measured, placement: Placement, *, currency: str
) -> ExperimentShown:
    """An experiment, its arms, lift and verdict."""
    treated, held_out = measured.treated, measured.held_out
    lift = rate_lift(treated, held_out)
    verdict = judge(treated, held_out, lift)
    needed = people_needed(held_out.rate, lift.difference, share=experiment.share) if lift else None
    return ExperimentShown(
        id=str(experiment.id),
        name=experiment.name,
        placement_id=str(placement.id),
        placement=placement.name,
        share=experiment.share,
        window_days=experiment.window_days,
        state=experiment.state,
        started_at=experiment.started_at,
        ended_at=experiment.ended_at,
        treated=_show_arm(treated, currency),
        held_out=_show_arm(held_out, currency),
        unripe=measured.unripe,
        mixed=measured.mixed,
        days_left=_days_left(experiment, measured),
        lift=show_lift(lift, treated.people),
        value_lift=show_lift(in_major(value_lift(treated, held_out), currency), treated.people),
        power=PowerShown(detectable=detectable(treated, held_out), needed=needed),
        verdict=VerdictShown(code=verdict.code, zh=verdict.zh, en=verdict.en),
        currency=currency,
    )


def show_lift(lift: Interval | None, people: int) -> LiftShown | None:
    """A lift a person and over `people`."""
    if lift is None:
        return None
    whole = lift.times(people)
    return LiftShown(
        difference=lift.difference,
        low=lift.low,
        high=lift.high,
        total=whole.difference,
        total_low=whole.low,
        total_high=whole.high,
    )


def in_major(lift: Interval | None, currency: str) -> Interval | None:
    """Minor units to major ones."""
    return None if lift is None else lift.times(to_major(1, currency))


def _show_arm(arm: Arm, currency: str) -> ArmShown:
    return ArmShown(people=arm.people, converted=arm.converted, rate=arm.rate, value=arm.mean * to_major(1, currency))


def _days_left(experiment: Experiment, measured: Measured) -> int:
    """Until everybody drawn so far has passed the window."""
    if measured.last is None or not measured.unripe:
        return 0
    left = measured.last + timedelta(days=experiment.window_days) - clock.now()
    return max(-(-left // timedelta(days=1)), 0)
