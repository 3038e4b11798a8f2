"""What Markov and Shapley were solved from, over HTTP."""

from collections.abc import Callable, Mapping
from typing import Literal

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.attribution.insides import CONVERSION, NULL, START
from core.attribution.models import AttributionCredit
from core.attribution.runs import find_run
from core.attribution.shapes.runs import RunPath
from core.channels.service import list_channels
from core.db import reading
from core.errors import NotFound
from core.web import answer, bound_tenant, needs

api = APIBlueprint("attribution_insides", __name__, url_prefix="/v1/tenants/<tenant>")
Kind = Literal["channels", "start", "conversion", "null"]
ENDS: Mapping[int, Kind] = {START: "start", CONVERSION: "conversion", NULL: "null"}


class ChainQuery(BaseModel):
    """Of which Markov model."""

    model: str = Field("markov", max_length=60)


class CoalitionsQuery(BaseModel):
    """Of which Shapley model."""

    model: str = Field("shapley", max_length=60)


class StepShown(BaseModel):
    """A step of the chain. source, target: a state's channels, in order, or none where it begins or ends; chance: of
    this step among all that leave the same state."""

    source_kind: Kind
    source: list[str]
    target_kind: Kind
    target: list[str]
    times: int
    chance: float


class EffectShown(BaseModel):
    """What a channel's removal takes from the chance of an order, and from expected value."""

    channel: str
    removal_effect: float
    removal_effect_value: float


class ChainShown(BaseModel):
    """The chain, its most frequent steps first. left_out: how often the steps happened that are not listed."""

    model: str
    steps: list[StepShown]
    left_out: int
    effects: list[EffectShown]


class CoalitionShown(BaseModel):
    """Journeys that met exactly these channels, in whatever order; rate: orders a journey."""

    channels: list[str]
    orders: int
    journeys: int
    rate: float
    value: float


class ValueShown(BaseModel):
    """A channel's Shapley value, per journey: its mean gain in the rate, and in value."""

    channel: str
    raw: float
    raw_value: float


class CoalitionsShown(BaseModel):
    """Those with most orders first; left_out: how many more there are."""

    model: str
    coalitions: list[CoalitionShown]
    left_out: int
    values: list[ValueShown]


@api.get("/attribution/runs/<run>/chain")
@needs("attribution:read")
def get_chain(path: RunPath, query: ChainQuery) -> Response:
    """The transitions of a Markov model, and what removing each channel takes."""
    with reading(bound_tenant()) as session:
        credit = _credit_of(session, path.run, query.model, "states")
        name_of = _names(session)
        states = [[name_of(channel) for channel in state] for state in credit.insides["states"]]
        steps = [
            StepShown(
                source_kind=ENDS.get(source, "channels"),
                source=[] if source in ENDS else states[source],
                target_kind=ENDS.get(target, "channels"),
                target=[] if target in ENDS else states[target],
                times=times,
                chance=chance,
            )
            for source, target, times, chance in credit.insides["steps"]
        ]
        effects = [
            EffectShown(channel=name_of(channel), removal_effect=one, removal_effect_value=other)
            for channel, (one, other) in _met(credit, "removal_effect", "removal_effect_value").items()
        ]
        left_out = credit.insides["left_out"]
        return answer(ChainShown(model=query.model, steps=steps, left_out=left_out, effects=effects))


@api.get("/attribution/runs/<run>/coalitions")
@needs("attribution:read")
def get_coalitions(path: RunPath, query: CoalitionsQuery) -> Response:
    """The coalitions of channels that a Shapley value was made of."""
    with reading(bound_tenant()) as session:
        credit = _credit_of(session, path.run, query.model, "coalitions")
        name_of = _names(session)
        coalitions = [
            CoalitionShown(
                channels=[name_of(channel) for channel in members],
                orders=orders,
                journeys=journeys,
                rate=orders / journeys,
                value=value,
            )
            for members, orders, journeys, value in credit.insides["coalitions"]
        ]
        values = [
            ValueShown(channel=name_of(channel), raw=one, raw_value=other)
            for channel, (one, other) in _met(credit, "raw", "raw_value").items()
        ]
        left_out = credit.insides["left_out"]
        return answer(CoalitionsShown(model=query.model, coalitions=coalitions, left_out=left_out, values=values))


def _credit_of(session: Session, run_id: str, model: str, wanted: str) -> AttributionCredit:
    run = find_run(session, run_id)
    query = sa.select(AttributionCredit).where(AttributionCredit.run_id == run.id, AttributionCredit.model == model)
    credit = session.scalar(query)
    if credit is None or wanted not in credit.insides:
        raise NotFound(f"This run keeps nothing of the sort of a model {model[:60]!r}; it has {', '.join(run.models)}.")
    return credit


def _met(credit: AttributionCredit, *columns: str) -> Mapping[int, tuple[float, ...]]:
    """Details of the channels that any journey met."""
    rows = zip(*(credit.effects[name] for name in columns), strict=True)
    return {channel: row for channel, (met, row) in enumerate(zip(credit.effects["met"], rows, strict=True)) if met}


def _names(session: Session) -> Callable[[int], str]:
    names = {channel.number: channel.name for channel in list_channels(session)}
    return lambda number: names.get(number, f"#{number}")
