"""What a placement is printed with: links, QR codes, serials, artefacts."""

import io

import segno
from flask import Response
from flask_openapi3 import APIBlueprint

from core import audit
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.errors import NotFound
from core.placements import service
from core.placements.cards import MOST_AT_ONCE, count_codes
from core.placements.codes import PREFIX, SCANNED
from core.placements.links import list_links
from core.placements.publishing import ask_to_publish, list_artifacts
from core.placements.shapes import (
    ArtifactShown,
    LinkShown,
    NewCodes,
    NewLink,
    PlacementPath,
    show_artifact,
    show_link,
)
from core.web import Page, answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("printing", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>")


@api.get("/links")
@needs("placements:read")
def get_links(path: PlacementPath) -> Response:
    """The placement's tracked links."""
    with reading(bound_tenant()) as session:
        links = list_links(session, service.find_placement(session, path.placement))
        return answer(Page[LinkShown](items=[show_link(link, base_address()) for link in links]))


@api.post("/links")
@needs("placements:write")
def add_link(path: PlacementPath, body: NewLink) -> Response:
    """One more tracked link."""
    with writing(bound_tenant()) as session:
        placement = service.find_placement(session, path.placement)
        key = channel_by_number(session, placement.channel_number).plugin_key
        target = None if not body.target_url.strip() and service.has_own_page(key) else body.target_url
        link = service.make_link(session, placement, target, label=body.label, tells_code=body.tells_code)
        return answer(show_link(link, base_address()), status=201)


@api.get("/qr.svg")
@needs("placements:read")
def draw_qr(path: PlacementPath) -> Response:
    """The QR code of the placement's first link, for posters; it counts as scanned, not clicked."""
    with reading(bound_tenant()) as session:
        links = list_links(session, service.find_placement(session, path.placement))
    active = next((link for link in links if link.state == "active"), None)
    if active is None:
        raise NotFound("The placement has no link; give it a target first.")
    drawn = io.BytesIO()
    code = segno.make(f"{base_address()}{PREFIX}{active.code}?{SCANNED}", error="q", micro=False)
    code.save(drawn, kind="svg", scale=8, border=4)
    return Response(drawn.getvalue(), content_type="image/svg+xml")


@api.post("/codes")
@needs("placements:write")
def make_codes(path: PlacementPath, body: NewCodes) -> Response:
    """Make serials to print, a thousand in a transaction."""
    left = body.count
    while left > 0:
        with writing(bound_tenant()) as session:
            placement = service.find_placement(session, path.placement)
            left -= len(service.create_codes(session, placement, min(left, MOST_AT_ONCE)))
            total = count_codes(session, placement)
            if left == 0:
                audit.record(session, "placement.codes_made", f"placement:{placement.id}", {"count": body.count})
    return answer({"made": body.count, "total": total}, status=201)


@api.post("/publish")
@needs("placements:write")
def publish(path: PlacementPath) -> Response:
    """Have the plugin print the placement; the answer names the job to watch."""
    with writing(bound_tenant()) as session:
        placement = service.find_placement(session, path.placement)
        job = ask_to_publish(session, placement, base=base_address())
        audit.record(session, "placement.published", f"placement:{placement.id}", {"job": str(job.id)})
        return answer({"job_id": str(job.id)}, status=202)


@api.get("/artifacts")
@needs("placements:read")
def get_artifacts(path: PlacementPath) -> Response:
    """What was printed; download it under /files/<file_id>."""
    with reading(bound_tenant()) as session:
        rows = list_artifacts(session, service.find_placement(session, path.placement))
        return answer(Page[ArtifactShown](items=[show_artifact(row) for row in rows]))
