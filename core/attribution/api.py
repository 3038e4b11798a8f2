"""Runs, credits and receipts over HTTP."""

from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core.attribution.cautions import RunFigures, cautions_of_run
from core.attribution.credits import CreditTable, Dimension, credit_table
from core.attribution.lifts import read_kept
from core.attribution.models import AttributionRun
from core.attribution.receipts import ReceiptTouch, UpstreamPart, make_receipt
from core.attribution.revenue import revenue_steps
from core.attribution.rounding import to_whole_units
from core.attribution.runs import find_run, list_runs, newest_run, request_run
from core.attribution.shapes.credits import (
    CreditShown,
    CreditsQuery,
    CreditsShown,
    MeasuredShown,
    RevenueShown,
    Total,
    show_cautions,
    show_line,
    show_measured,
)
from core.attribution.shapes.receipts import (
    OrderPath,
    ReceiptQuery,
    ReceiptShown,
    ShareShown,
    TouchShown,
    UpstreamShown,
)
from core.attribution.shapes.runs import NewRun, RunPath, show_run
from core.channels.models import Channel
from core.channels.service import list_channels
from core.db import find, parse_id, reading, writing
from core.orders.api import show_orders
from core.orders.models import Order
from core.placements.models import Placement
from core.tenants.currencies import MINOR_DIGITS, from_minor, to_major, to_minor
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("attribution", __name__, url_prefix="/v1/tenants/<tenant>")


@api.get("/attribution/runs")
@needs("attribution:read")
def get_runs(path: TenantPath, query: PageQuery) -> Response:
    """Runs, newest first."""
    after = query.after()
    with reading(bound_tenant()) as session:
        rows = list_runs(session, before=parse_id(after) if after else None, limit=query.limit + 1)
        return answer(page_of(rows, query, lambda run: run.id, show_run))


@api.post("/attribution/runs")
@needs("attribution:write")
def start_run(path: TenantPath, body: NewRun) -> Response:
    """Start a run."""
    with writing(bound_tenant()) as session:
        return answer(show_run(request_run(session, body.options())), status=201)


@api.get("/attribution/runs/<run>")
@needs("attribution:read")
def get_run(path: RunPath) -> Response:
    """One run, with its progress."""
    with reading(bound_tenant()) as session:
        return answer(show_run(find_run(session, path.run)))


@api.get("/attribution/credits")
@needs("attribution:read")
def get_credits(path: TenantPath, query: CreditsQuery) -> Response:
    """A run's credits by channel, placement or day; attributed values are numbers in major units."""
    models = [name.strip() for name in query.models.split(",") if name.strip()]
    with reading(bound_tenant()) as session:
        run = _run_of(session, query.run)
        table = credit_table(session, run, models=models, by=query.by)
        rows = _rows(run, table)
        return answer(
            CreditsShown(
                run=show_run(run),
                models=table.models,
                by=query.by,
                currency=run.currency,
                rows=rows,
                totals=[_total(run, model, run.orders, run.value_minor) for model in table.models],
                unattributed=[_total(run, model, run.lost_orders, run.lost_minor) for model in table.models],
                calibration=_calibration(run, table.models, rows) if run.calibrate else [],
                measured=_measured(session, run, query.by),
                revenue=_revenue(run),
                cautions=show_cautions(cautions_of_run(_figures(run))),
            )
        )


@api.get("/orders/<order>/receipt")
@needs("attribution:read")
def get_receipt(path: OrderPath, query: ReceiptQuery) -> Response:
    """Why an order counts for these channels."""
    with reading(bound_tenant()) as session:
        order = find(session, Order, path.order)
        made = make_receipt(session, order, _run_of(session, query.run))
        show = _TouchNames(session, order.currency)
        shown = ReceiptShown(
            order=show_orders(session, [order])[0],
            run=show_run(made.run),
            counted=made.counted,
            models=[share.model for share in made.touches[0].shares] if made.touches else [],
            touches=[show.touch(touch) for touch in made.touches],
            outside=[show.touch(touch) for touch in made.outside],
            upstream=[show.part(part, made.run.zone) for part in made.upstream],
        )
        return answer(shown)


def _rows(run: AttributionRun, table: CreditTable) -> list[CreditShown]:
    groups, digits = run.sample.get("groups", 0), MINOR_DIGITS[run.currency]
    rows = []
    for model in table.models:
        lines = [line for line in table.lines if line.model == model]
        minor = to_whole_units(np.array([line.value for line in lines]) * 10**digits)
        amounts = (from_minor(one, run.currency) for one in minor.tolist())
        rows += [show_line(line, amount=text, groups=groups) for line, text in zip(lines, amounts, strict=True)]
    return rows


def _total(run: AttributionRun, model: str, orders: float, minor: int) -> Total:
    value = to_major(minor, run.currency)
    return Total(model=model, conversions=orders, value=value, amount=from_minor(minor, run.currency))


def _revenue(run: AttributionRun) -> list[RevenueShown]:
    return [
        RevenueShown(code=step.code, orders=step.orders, amount=from_minor(step.minor, run.currency))
        for step in revenue_steps(run)
    ]


def _figures(run: AttributionRun) -> RunFigures:
    contacts, groups = run.sample.get("contacts", 0), run.sample.get("groups", 0)
    return RunFigures(run.orders, run.lost_orders, contacts, groups, run.maturing.get("share"))


def _calibration(run: AttributionRun, models: list[str], rows: list[CreditShown]) -> list[Total]:
    """Orders with a touch, less what the rows of a model come to."""
    orders, minor = run.orders - run.lost_orders, run.value_minor - run.lost_minor
    own = {model: [row for row in rows if row.model == model] for model in models}
    return [
        Total(
            model=model,
            conversions=orders - sum(row.conversions for row in mine),
            value=to_major(minor, run.currency) - sum(row.value for row in mine),
            amount=from_minor(minor - sum(to_minor(row.amount, run.currency) for row in mine), run.currency),
        )
        for model, mine in own.items()
    ]


def _measured(session: Session, run: AttributionRun, by: Dimension) -> list[MeasuredShown]:
    if by in ("day", "order") or not run.measured:
        return []
    table = Channel if by == "channel" else Placement
    keys = dict(session.execute(sa.select(table.number, table.id)).all())
    lifts = [read_kept(one) for one in run.measured]
    return [show_measured(lift, key=str(keys[lift.channel if by == "channel" else lift.placement])) for lift in lifts]


def _run_of(session: Session, run_id: str | None) -> AttributionRun:
    return find_run(session, run_id) if run_id else newest_run(session)


class _TouchNames:
    def __init__(self, session: Session, currency: str) -> None:
        self.currency = currency
        self.channels = {channel.number: channel.name for channel in list_channels(session)}
        self.placements = {one.number: one.name for one in session.scalars(sa.select(Placement))}

    def part(self, part: UpstreamPart, zone: str) -> UpstreamShown:
        return UpstreamShown(
            level=part.level,
            contact_number=part.contact_number,
            channel=self.channels[part.channel_number],
            placement=self.placements.get(part.placement_number or 0),
            day=part.joined_at.astimezone(ZoneInfo(zone)).date(),
            share=part.share,
            amount=from_minor(part.amount_minor, self.currency),
        )

    def touch(self, touch: ReceiptTouch) -> TouchShown:
        return TouchShown(
            id=touch.id,
            at=touch.at,
            channel=self.channels[touch.channel_number],
            placement=self.placements.get(touch.placement_number or 0),
            kind=touch.kind,
            shares=[
                ShareShown(
                    model=share.model,
                    share=share.share,
                    amount=from_minor(share.amount_minor, self.currency),
                    explains=share.is_explanation,
                )
                for share in touch.shares
            ],
            reason=touch.reason,
        )
