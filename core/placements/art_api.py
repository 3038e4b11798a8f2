"""Artwork of one's own over HTTP, and a picture of what will be printed."""

import io
from typing import Literal

import pypdfium2
from flask import Response, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core import audit
from core.db import reading, writing
from core.errors import Conflict, NotFound, TooLarge
from core.placements.art import drop_art, keep_art, list_art
from core.placements.models import PlacementArt
from core.placements.pictures import LARGEST_BYTES, clean_picture
from core.placements.publishing import prepare_sample
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.plugin_host import host
from core.sdk.failures import ChannelFailure
from core.web import Page, answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("placement_art", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>")
PREVIEW_SCALE = 2.0


class ArtPath(PlacementPath):
    """One side of what is printed."""

    side: str = Field(max_length=64)

    def known_side(self) -> Literal["front", "back"]:
        """The side. Raises `NotFound` for one that nothing has: in a path it is as absent as any row."""
        if self.side == "front":
            return "front"
        if self.side == "back":
            return "back"
        raise NotFound


class ArtShown(BaseModel):
    """A picture; download it under /files/<file_id>."""

    side: str
    file_id: str
    media_type: str
    width: int
    height: int


@api.get("/art")
@needs("placements:read")
def get_art(path: PlacementPath) -> Response:
    """The placement's own artwork."""
    with reading(bound_tenant()) as session:
        rows = list_art(session, find_placement(session, path.placement))
        return answer(Page[ArtShown](items=[_show(row) for row in rows]))


@api.post("/art/<side>")
@needs("placements:write")
def upload_art(path: ArtPath) -> Response:
    """Put a PNG, a JPEG or the first page of a PDF (raw body) on this side, in place of the one before."""
    side = path.known_side()
    request.max_content_length = LARGEST_BYTES + 1
    raw = request.stream.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise TooLarge(f"A picture has at most {LARGEST_BYTES >> 20} MB.")
    with reading(bound_tenant()) as session:
        find_placement(session, path.placement)
    picture = clean_picture(raw)
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        row = keep_art(session, placement, side, picture)
        audit.record(session, "placement.art_changed", f"placement:{placement.id}", {"side": side})
        shown = _show(row)
        return answer({**shown.model_dump(), "id": shown.file_id}, status=201)


@api.delete("/art/<side>")
@needs("placements:write")
def delete_art(path: ArtPath) -> Response:
    """Take the picture off this side."""
    with writing(bound_tenant()) as session:
        placement, side = find_placement(session, path.placement), path.known_side()
        drop_art(session, placement, side)
        audit.record(session, "placement.art_changed", f"placement:{placement.id}", {"side": side})
        return answer(Page[ArtShown](items=[_show(row) for row in list_art(session, placement)]))


@api.get("/preview.png")
@needs("placements:read")
def preview(path: PlacementPath) -> Response:
    """The first page as it will be printed, with a code that no card has."""
    with reading(bound_tenant()) as session:
        printing = prepare_sample(session, find_placement(session, path.placement), base=base_address())
    try:
        stream = host().call(printing.plugin_key, "publish", printing.placement, printing.codes, printing.settings)
        artifact = next(iter(stream), None)
    except ChannelFailure as failure:
        raise Conflict(f"{printing.plugin_key} could not print: {failure.message}") from None
    if artifact is None or artifact.media_type != "application/pdf":
        raise Conflict("The plugin prints no pages that could be shown.")
    return Response(_draw_first_page(artifact.body), content_type="image/png")


def _draw_first_page(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = io.BytesIO()
        document[0].render(scale=PREVIEW_SCALE).to_pil().save(drawn, "PNG")
        return drawn.getvalue()
    finally:
        document.close()


def _show(row: PlacementArt) -> ArtShown:
    return ArtShown(
        side=row.side, file_id=str(row.file_id), media_type=row.media_type, width=row.width, height=row.height
    )
