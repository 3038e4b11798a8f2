"""Segments over HTTP: list, save, change, and count before anything is sent."""

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import Field

from core.db import reading, writing
from core.segments import service
from core.segments.filters import Everybody, Filter
from core.segments.models import Segment
from core.web import Body, TenantPath, answer, bound_tenant, needs

api = APIBlueprint("segments", __name__, url_prefix="/v1/tenants/<tenant>/segments")


class SegmentPath(TenantPath):
    """One saved filter."""

    segment: str = Field(max_length=64)


class NewSegment(Body):
    """A filter to keep."""

    name: str = Field(min_length=1, max_length=120)
    filter: Filter


class Asked(Body):
    """A filter to try."""

    filter: Filter = Everybody()


def show(segment: Segment) -> dict[str, object]:
    """A saved filter as JSON."""
    return {
        "id": str(segment.id),
        "name": segment.name,
        "filter": segment.filter,
        "created_at": segment.created_at,
    }


@api.get("")
@needs("campaigns:read")
def list_segments(path: TenantPath) -> Response:
    """Saved filters by name."""
    with reading(bound_tenant()) as session:
        return answer({"items": [show(row) for row in service.list_segments(session)], "next": None})


@api.post("")
@needs("campaigns:write")
def create_segment(path: TenantPath, body: NewSegment) -> Response:
    """Save a filter."""
    with writing(bound_tenant()) as session:
        return answer(show(service.create_segment(session, name=body.name, chosen=body.filter)), 201)


@api.put("/<segment>")
@needs("campaigns:write")
def change_segment(path: SegmentPath, body: NewSegment) -> Response:
    """Change a saved filter; campaigns that were made with it keep what they have."""
    with writing(bound_tenant()) as session:
        segment = service.find_segment(session, path.segment)
        service.change_segment(session, segment, name=body.name, chosen=body.filter)
        return answer(show(segment))


@api.delete("/<segment>")
@needs("campaigns:write")
def remove_segment(path: SegmentPath) -> Response:
    """Forget a saved filter."""
    with writing(bound_tenant()) as session:
        service.remove_segment(session, service.find_segment(session, path.segment))
    return answer(None, 204)


@api.post("/preview")
@needs("campaigns:read")
def preview_segment(path: TenantPath, body: Asked) -> Response:
    """How many contacts a filter finds now."""
    with reading(bound_tenant()) as session:
        return answer({"count": service.count_people(session, body.filter)})
