"""What experiments measured of a run's placements, to stand beside the models and to calibrate them by."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from core import clock
from core.attribution.journeys import Floats
from core.attribution.lake_journeys import Span
from core.attribution.packing import CreditColumns
from core.experiments.lift import Interval, rate_lift, value_lift
from core.experiments.measuring import Measured, measure
from core.experiments.models import Experiment
from core.experiments.verdicts import Verdict, judge
from core.placements.models import Placement

NO_CREDIT = 1e-9
"""Less than this is what rounding left of none."""


@dataclass(frozen=True, slots=True)
class MeasuredLift:
    """Orders' buyers and value that the treated people of an experiment made beyond what they would have made: totals
    with their intervals, value in major units (None where an arm is too small for it). Kept with the run as JSON."""

    experiment_id: str
    experiment: str
    channel: int
    placement: int
    buyers: Interval
    value: Interval | None
    verdict: Verdict


LIFT: TypeAdapter[MeasuredLift] = TypeAdapter(MeasuredLift)


@dataclass(frozen=True, slots=True)
class Factors:
    """float64[channels] each: what a model's credit was multiplied by; 1 where nothing was measured."""

    conversions: Floats
    value: Floats


def lifts_within(session: Session, span: Span, *, minor: int) -> list[MeasuredLift]:
    """Of the experiments that drew all their people inside the run's window and have both arms. minor: minor units in
    a major one."""
    rows = session.execute(
        sa.select(Experiment, Placement.channel_number)
        .join(Placement, Placement.number == Experiment.placement_number)
        .where(Experiment.started_at < clock.from_us(span.end_us))
        .order_by(Experiment.id)
    )
    found = []
    for experiment, channel in rows.all():
        measured = measure(session, experiment)
        lift = rate_lift(measured.treated, measured.held_out)
        if lift is not None and _drawn_within(measured, span):
            people = measured.treated.people
            value = value_lift(measured.treated, measured.held_out)
            found.append(
                MeasuredLift(
                    str(experiment.id),
                    experiment.name,
                    channel,
                    experiment.placement_number,
                    lift.times(people),
                    None if value is None else value.times(people / minor),
                    judge(measured.treated, measured.held_out, lift),
                )
            )
    return found


def kept(lift: MeasuredLift) -> dict[str, object]:
    """As JSON."""
    return asdict(lift)


def read_kept(stored: Mapping[str, object]) -> MeasuredLift:
    """What `kept` made."""
    return LIFT.validate_python(stored)


def calibrate(columns: CreditColumns, lifts: Sequence[MeasuredLift], *, channels: int) -> tuple[CreditColumns, Factors]:
    """A model's credit with each measured channel scaled so that its measured placements come to what was measured.

    The factor of a channel is the sum of its lifts (0 if that is negative), divided by the model's credit of the same
    placements; it multiplies all credit of the channel. Buyers stand for conversions. A channel without a lift, or
    whose measured placements have no credit in this model, keeps what it has. Experiments too small to judge do not
    count: a handful of buyers by chance would otherwise multiply a whole channel.
    """
    by_channel: dict[int, list[MeasuredLift]] = {}
    for lift in (one for one in lifts if one.verdict.is_grounded):
        by_channel.setdefault(lift.channel, []).append(lift)
    factors = Factors(np.ones(channels), np.ones(channels))
    for channel, own in by_channel.items():
        inside = (columns.channel == channel) & np.isin(columns.placement, [lift.placement for lift in own])
        values = [lift.value.difference for lift in own if lift.value is not None]
        measured = sum(lift.buyers.difference for lift in own)
        factors.conversions[channel] = _factor(measured, float(columns.conversions[inside].sum()))
        if len(values) == len(own):
            factors.value[channel] = _factor(sum(values), float(columns.value[inside].sum()))
    scaled = replace(
        columns,
        conversions=columns.conversions * factors.conversions[columns.channel],
        value=columns.value * factors.value[columns.channel],
    )
    return scaled, factors


def shown_factors(factors: Factors) -> dict[str, list[float]]:
    """As they are kept with the credits, by channel number."""
    return {"calibration": factors.conversions.tolist(), "calibration_value": factors.value.tolist()}


def scale_errors(details: Mapping[str, list[float]], factors: Factors) -> dict[str, list[float]]:
    """What is kept of a model, its standard errors scaled as its credits are."""
    by_name = {"se": factors.conversions, "se_value": factors.value}
    scaled = {name: (np.array(details[name]) * by_name[name]).tolist() for name in by_name if name in details}
    if "place_channel" in details:
        channel = np.array(details["place_channel"], np.int64)
        scaled |= {
            f"place_{name}": (np.array(details[f"place_{name}"]) * by_name[name][channel]).tolist() for name in by_name
        }
    return {**details, **scaled}


def _factor(measured: float, credited: float) -> float:
    return max(measured, 0.0) / credited if credited > NO_CREDIT else 1.0


def _drawn_within(measured: Measured, span: Span) -> bool:
    if measured.first is None or measured.last is None:
        return False
    return span.start_us <= clock.to_us(measured.first) and clock.to_us(measured.last) < span.end_us
