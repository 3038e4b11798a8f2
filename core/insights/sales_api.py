"""Buyers by RFM, and the waves of sales after a launch, over HTTP."""

from datetime import date

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core.db import reading
from core.errors import FieldError, Invalid
from core.insights.rfm import ENOUGH, make_rfm
from core.insights.waves import DEFAULT_ENDS, WAVES, Wave, make_waves
from core.insights.windows import EARLIEST, LATEST, Answer, WindowQuery, lake_time
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insight_sales", __name__, url_prefix="/v1/tenants/<tenant>/insights")

LONGEST_WAVES = 730


class SegmentShown(BaseModel):
    """A segment of buyers; value_share: of the revenue of all."""

    key: str
    buyers: int
    orders: int
    revenue: str
    value_share: float | None


class ScoreShown(BaseModel):
    """What buyers with this score have: whole days since the last order, orders, or money, as text."""

    measure: str
    score: int
    buyers: int
    least: str
    most: str


class GridShown(BaseModel):
    """How many buyers have these two scores."""

    recency: int
    frequency: int
    buyers: int


class RfmShown(Answer):
    """is_small: so few buyers that fifths say little."""

    currency: str
    buyers: int
    orders: int
    revenue: str
    is_small: bool
    segments: list[SegmentShown]
    scores: list[ScoreShown]
    grid: list[GridShown]


class WaveQuery(BaseModel):
    """launch: its local day; ends: days since the launch before which each of the five waves ends, `1,3,7,30,90`."""

    launch: date
    ends: str = Field(",".join(map(str, DEFAULT_ENDS)), max_length=40)

    def checked(self) -> tuple[date, list[int]]:
        """Launch and ends.

        Raises:
            Invalid: a day far from ours; other than five whole numbers, each larger than the one before.
        """
        if not EARLIEST < self.launch < LATEST:
            raise Invalid(fields=[FieldError("launch", "range", f"Give a day between {EARLIEST} and {LATEST}.")])
        texts = [text.strip() for text in self.ends.split(",")]
        ends = [int(text) for text in texts if text.isascii() and text.isdigit()]
        rising = ends == sorted(set(ends)) and all(0 < days <= LONGEST_WAVES for days in ends)
        if len(texts) != len(WAVES) or len(ends) != len(WAVES) or not rising:
            told = f"Give {len(WAVES)} rising whole numbers up to {LONGEST_WAVES}, as in 1,3,7,30,90."
            raise Invalid(fields=[FieldError("ends", "malformed", told)])
        return self.launch, ends


class TriggerShown(BaseModel):
    """The last touch before these orders, by kind and channel; all empty: none."""

    kind: str
    channel_id: str
    channel: str
    orders: int
    revenue: str


class WaveDayShown(BaseModel):
    """A day since the launch on which there were orders."""

    day: int
    orders: int
    revenue: str


class WaveShown(BaseModel):
    """Local days [from_day, to_day)."""

    key: str
    from_day: date
    to_day: date
    orders: int
    buyers: int
    first_orders: int
    revenue: str
    triggers: list[TriggerShown]
    days: list[WaveDayShown]


class WavesShown(Answer):
    """Five waves, in their order; empty when nothing was sold in any."""

    currency: str
    waves: list[WaveShown]


@api.get("/rfm")
@needs("insights:read")
def get_rfm(path: TenantPath, query: WindowQuery) -> Response:
    """The buyers of the window in segments; recency is told at its end."""
    with reading(bound_tenant()) as session:
        rfm = make_rfm(session, query.period(session))
        currency = tenant_now(session).currency
        segments = [
            SegmentShown(
                key=one.key,
                buyers=one.buyers,
                orders=one.orders,
                revenue=from_minor(one.value, currency),
                value_share=one.value / rfm.value if rfm.value else None,
            )
            for one in rfm.segments
        ]
        scores = [
            ScoreShown(
                measure=one.measure,
                score=one.score,
                buyers=one.buyers,
                least=from_minor(one.least, currency) if one.measure == "monetary" else str(one.least),
                most=from_minor(one.most, currency) if one.measure == "monetary" else str(one.most),
            )
            for one in rfm.scores
        ]
        return answer(
            RfmShown(
                as_of=lake_time(session),
                reason=None if rfm.buyers else "no_orders",
                currency=currency,
                buyers=rfm.buyers,
                orders=rfm.orders,
                revenue=from_minor(rfm.value, currency),
                is_small=rfm.buyers < ENOUGH,
                segments=segments,
                scores=scores,
                grid=[GridShown(recency=r, frequency=f, buyers=buyers) for r, f, buyers in rfm.grid],
            )
        )


@api.get("/waves")
@needs("insights:read")
def get_waves(path: TenantPath, query: WaveQuery) -> Response:
    """Sales after a launch in five waves, and what came just before the orders."""
    launch, ends = query.checked()
    with reading(bound_tenant()) as session:
        waves = make_waves(session, launch=launch, ends=ends)
        currency = tenant_now(session).currency
        is_empty = not any(wave.orders for wave in waves)
        return answer(
            WavesShown(
                as_of=lake_time(session),
                reason="no_orders" if is_empty else None,
                currency=currency,
                waves=[] if is_empty else [_show_wave(wave, currency) for wave in waves],
            )
        )


def _show_wave(wave: Wave, currency: str) -> WaveShown:
    return WaveShown(
        key=wave.key,
        from_day=wave.from_day,
        to_day=wave.to_day,
        orders=wave.orders,
        buyers=wave.buyers,
        first_orders=wave.first_orders,
        revenue=from_minor(wave.value, currency),
        triggers=[
            TriggerShown(
                kind=one.kind,
                channel_id=one.key,
                channel=one.name,
                orders=one.orders,
                revenue=from_minor(one.value, currency),
            )
            for one in wave.triggers
        ],
        days=[
            WaveDayShown(day=day, orders=orders, revenue=from_minor(value, currency))
            for day, (orders, value) in sorted(wave.days.items())
        ],
    )
