"""Viewers of a show over HTTP: how a table would be read, taking it, and the curve."""

from zoneinfo import ZoneInfo

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core import audit
from core.db import reading, writing
from core.ingest.show_viewers import Columns, Curve, curve_of, keep_curve, read_curve
from core.placements.models import Placement
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.tenants.service import tenant_now
from core.web import Body, Page, answer, bound_tenant, needs

api = APIBlueprint("show_viewers", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>/minutes/viewers")


class ViewersTable(Body):
    """A CSV with a header, as text, and which of its columns is which; an empty one is proposed."""

    table: str = Field(max_length=100_000)
    minute_column: str = Field("", max_length=200)
    viewers_column: str = Field("", max_length=200)


class ViewersShown(BaseModel):
    """How many watched in one minute of the show; the first is 1."""

    minute: int
    viewers: int


class CurveShown(BaseModel):
    """How the table was read: `minutes` is how many there are, `refused` the lines that tell none."""

    header: list[str]
    minute_column: str
    viewers_column: str
    sample: list[list[str]]
    minutes: int
    refused: list[int]


@api.get("")
@needs("placements:read")
def get_viewers(path: PlacementPath) -> Response:
    """The curve that was taken last."""
    with reading(bound_tenant()) as session:
        rows = curve_of(session, find_placement(session, path.placement))
        return answer(Page[ViewersShown](items=[ViewersShown(minute=r.minute, viewers=r.viewers) for r in rows]))


@api.post("/preview")
@needs("placements:write")
def preview_viewers(path: PlacementPath, body: ViewersTable) -> Response:
    """How the table would be read; nothing is kept."""
    with reading(bound_tenant()) as session:
        return answer(_show(_read(session, find_placement(session, path.placement), body)))


@api.put("")
@needs("placements:write")
def put_viewers(path: PlacementPath, body: ViewersTable) -> Response:
    """Take the table's curve in place of the one before; the same table twice changes nothing."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        curve = _read(session, placement, body)
        keep_curve(session, placement, curve.minutes)
        audit.record(session, "placement.viewers", f"placement:{placement.id}", {"minutes": len(curve.minutes)})
        return answer(_show(curve))


def _read(session: Session, placement: Placement, body: ViewersTable) -> Curve:
    columns = Columns(body.minute_column, body.viewers_column)
    zone = ZoneInfo(tenant_now(session).timezone)
    return read_curve(body.table, columns, begin=placement.starts_at, zone=zone)


def _show(curve: Curve) -> CurveShown:
    return CurveShown(
        header=curve.header,
        minute_column=curve.columns.minute,
        viewers_column=curve.columns.viewers,
        sample=curve.sample,
        minutes=len(curve.minutes),
        refused=curve.refused[:100],
    )
