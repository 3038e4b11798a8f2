"""The claim codes of a placement over HTTP: whom to call by which digits, and the link to send them."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from core.channels.service import channel_by_number
from core.db import reading
from core.ingest.claims import list_claims, name_shown, token_of
from core.ingest.vendor_ids import minute_of
from core.placements.links import list_links
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.web import Page, answer, bound_tenant, needs
from core.web.addresses import base_address

api = APIBlueprint("claims", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>/claims")


class ClaimShown(BaseModel):
    """One person's claim: `digits` to be read out, `url` to be sent. `minute` is the show's."""

    id: str
    name: str
    keyword: str
    digits: str
    url: str | None
    asked_at: datetime
    minute: int | None
    claimed_at: datetime | None


@api.get("")
@needs("contacts:read")
def get_claims(path: PlacementPath) -> Response:
    """The newest two hundred of the placement's claims."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        channel = channel_by_number(session, placement.channel_number)
        link = next((one for one in list_links(session, placement) if one.state == "active"), None)
        starts, ends = placement.starts_at, placement.ends_at
        items = [
            ClaimShown(
                id=str(claim.id),
                name=name_shown(session, claim),
                keyword=claim.keyword,
                digits=claim.digits,
                url=f"{base_address()}/l/{link.code}/{token_of(session, claim.id)}" if link else None,
                asked_at=claim.asked_at,
                minute=minute_of(channel, starts_at=starts, ends_at=ends, at=claim.asked_at),
                claimed_at=claim.claimed_at,
            )
            for claim in list_claims(session, placement)
        ]
    return answer(Page[ClaimShown](items=items))
