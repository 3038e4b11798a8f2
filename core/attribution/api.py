"""Runs, credits and receipts over HTTP."""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core.attribution.models import AttributionRun
from core.attribution.receipts import ReceiptTouch, UpstreamPart, make_receipt
from core.attribution.runs import find_given_up, find_run, list_runs, newest_run, request_run
from core.attribution.shapes.credits import CreditsQuery
from core.attribution.shapes.receipts import (
    OrderPath,
    ReceiptQuery,
    ReceiptShown,
    ShareShown,
    TouchShown,
    UpstreamShown,
)
from core.attribution.shapes.runs import NewRun, RunPath, show_run
from core.attribution.tables import show_credits, split_names
from core.channels.service import list_channels
from core.db import find, parse_id, reading, writing
from core.orders.api import show_orders
from core.orders.models import Order
from core.placements.models import Placement
from core.tenants.currencies import from_minor
from core.web import PageQuery, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("attribution", __name__, url_prefix="/v1/tenants/<tenant>")


@api.get("/attribution/runs")
@needs("attribution:read")
def get_runs(path: TenantPath, query: PageQuery) -> Response:
    """Runs, newest first."""
    after = query.after()
    with reading(bound_tenant()) as session:
        rows = list_runs(session, before=parse_id(after) if after else None, limit=query.limit + 1)
        gone = find_given_up(session, rows)
        return answer(page_of(rows, query, lambda run: run.id, lambda run: show_run(run, is_given_up=run.id in gone)))


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
        run = find_run(session, path.run)
        return answer(show_run(run, is_given_up=run.id in find_given_up(session, [run])))


@api.get("/attribution/credits")
@needs("attribution:read")
def get_credits(path: TenantPath, query: CreditsQuery) -> Response:
    """A run's credits by channel, placement or day; attributed values are numbers in major units."""
    with reading(bound_tenant()) as session:
        run = _run_of(session, query.run)
        return answer(show_credits(session, run, models=split_names(query.models), by=query.by))


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
