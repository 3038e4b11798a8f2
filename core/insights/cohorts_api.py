"""How people who joined become buyers, and buyers buy again, over HTTP."""

from dataclasses import asdict
from datetime import date
from typing import Literal

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core.attribution.ripeness import RIPE
from core.db import reading
from core.insights.days import start_of
from core.insights.funnel import Steps, make_funnel
from core.insights.lag import make_lag
from core.insights.maturation import Cohort, make_maturation
from core.insights.retention import RetentionCohort, make_retention
from core.insights.shapes import UNATTRIBUTED_NAME
from core.insights.windows import Answer, WindowQuery, lake_time
from core.tenants.currencies import from_minor
from core.tenants.service import tenant_now
from core.web import TenantPath, answer, bound_tenant, needs

api = APIBlueprint("insight_cohorts", __name__, url_prefix="/v1/tenants/<tenant>/insights")


class FunnelQuery(WindowQuery):
    """Rows by the channel or placement they joined by, or the local day they joined on."""

    by: Literal["channel", "placement", "day", "batch", "sku"] = "channel"


class StepsShown(BaseModel):
    """Contacts at each step; shares of those who joined; median days between steps."""

    key: str
    name: str
    joined: int
    first_order: int
    repeat: int
    first_share: float | None
    repeat_share: float | None
    days_to_first: float | None
    days_to_repeat: float | None


class FunnelShown(Answer):
    """An empty key is of unknown origin."""

    total: StepsShown
    rows: list[StepsShown]


class LagDayShown(BaseModel):
    """First orders so many days after joining; shares up to and with this day."""

    day: int
    orders: int
    share: float
    ripe_share: float | None


class LagShown(Answer):
    """The conversion lag of those who joined in the window."""

    joined: int
    orders: int
    median_days: float | None
    days: list[LagDayShown]


class CohortShown(BaseModel):
    """first_orders: up to the end of each week since joining that is over for all of them; expected: within a year."""

    week: date
    joined: int
    first_orders: list[int]
    ripe_share: float | None
    expected: float | None
    is_too_early: bool


class MaturationShown(Answer):
    """ripe_shares: how much of a cohort's eventual first orders has come by the end of each week; below `ripe_from` it
    is too early to judge."""

    ripe_from: float
    ripe_shares: list[float]
    cohorts: list[CohortShown]


class MonthShown(BaseModel):
    """Months after the first order's, which is 0; share: of the cohort's buyers."""

    age: int
    buyers: int
    share: float
    orders: int
    revenue: str
    is_over: bool


class RetentionCohortShown(BaseModel):
    """month: its first day; left: buyers who had a relation with an account of the brand's and have none now."""

    month: date
    buyers: int
    repeaters: int
    repeat_share: float
    left: int
    months: list[MonthShown]


class RetentionShown(Answer):
    """By the local month of the first order."""

    currency: str
    cohorts: list[RetentionCohortShown]


@api.get("/funnel")
@needs("insights:read")
def get_funnel(path: TenantPath, query: FunnelQuery) -> Response:
    """Joined, first order, repeat, of those who joined in the window."""
    with reading(bound_tenant()) as session:
        funnel = make_funnel(session, query.period(session), by=query.by)
        return answer(
            FunnelShown(
                as_of=lake_time(session),
                reason=None if funnel.rows else "no_contacts",
                total=_show_steps(funnel.total),
                rows=[_show_steps(row) for row in funnel.rows],
            )
        )


@api.get("/lag")
@needs("insights:read")
def get_lag(path: TenantPath, query: WindowQuery) -> Response:
    """How long those who joined in the window took to their first order."""
    with reading(bound_tenant()) as session:
        lag = make_lag(session, query.period(session))
        reason = None if lag.orders else "no_orders" if lag.joined else "no_contacts"
        return answer(LagShown(as_of=lake_time(session), reason=reason, **asdict(lag)))


@api.get("/maturation")
@needs("insights:read")
def get_maturation(path: TenantPath, query: WindowQuery) -> Response:
    """Weekly cohorts: first orders so far, and whether it is too early to judge them."""
    with reading(bound_tenant()) as session:
        found = make_maturation(session, query.period(session))
        return answer(
            MaturationShown(
                as_of=lake_time(session),
                reason=None if found.cohorts else "no_contacts",
                ripe_from=RIPE,
                ripe_shares=found.shares,
                cohorts=[_show_cohort(cohort) for cohort in found.cohorts],
            )
        )


@api.get("/retention")
@needs("insights:read")
def get_retention(path: TenantPath, query: WindowQuery) -> Response:
    """Who bought again in the months after the first order."""
    with reading(bound_tenant()) as session:
        cohorts = make_retention(session, query.period(session))
        currency = tenant_now(session).currency
        return answer(
            RetentionShown(
                as_of=lake_time(session),
                reason=None if cohorts else "no_orders",
                currency=currency,
                cohorts=[_show_retention(cohort, currency) for cohort in cohorts],
            )
        )


def _show_steps(row: Steps) -> StepsShown:
    return StepsShown(
        **asdict(row) | {"name": row.name or UNATTRIBUTED_NAME},
        first_share=row.first_order / row.joined if row.joined else None,
        repeat_share=row.repeat / row.joined if row.joined else None,
    )


def _show_cohort(cohort: Cohort) -> CohortShown:
    return CohortShown(
        week=cohort.monday,
        joined=cohort.joined,
        first_orders=cohort.first_orders,
        ripe_share=cohort.ripe_share,
        expected=cohort.expected,
        is_too_early=cohort.is_too_early,
    )


def _show_retention(cohort: RetentionCohort, currency: str) -> RetentionCohortShown:
    months = [
        MonthShown(
            age=month.age,
            buyers=month.buyers,
            share=month.buyers / cohort.buyers,
            orders=month.orders,
            revenue=from_minor(month.value, currency),
            is_over=month.is_over,
        )
        for month in cohort.months
    ]
    return RetentionCohortShown(
        month=start_of(cohort.month, "month"),
        buyers=cohort.buyers,
        repeaters=cohort.repeaters,
        repeat_share=cohort.repeaters / cohort.buyers,
        left=cohort.left,
        months=months,
    )
