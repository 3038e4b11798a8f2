"""What is doubtful about a placement's cards over HTTP: signs, and redemptions that were refused."""

from datetime import datetime

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core import audit
from core.db import reading, writing
from core.ingest.accepting import accept_refused
from core.placements.refused import decide, find_refused, list_refused
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.placements.signs import list_signs, settle_sign
from core.web import Page, answer, bound_tenant, needs

api = APIBlueprint("card_doubts", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>/cards")


class SignPath(PlacementPath):
    """One sign of a placement."""

    sign: str = Field(max_length=64)


class RefusalPath(PlacementPath):
    """One refused redemption of a placement."""

    refusal: str = Field(max_length=64)


class SignShown(BaseModel):
    """kind: what was noticed; card: the card's number where one is meant; count: how many browsers, cards or tries."""

    id: str
    kind: str
    card: int | None
    count: int
    first_at: datetime
    last_at: datetime
    settled_at: datetime | None


class RefusalShown(BaseModel):
    """times: how often the same form was refused; can_accept: whether what was typed is still known."""

    id: str
    card: int
    reason: str
    times: int
    at: datetime
    last_at: datetime
    state: str
    can_accept: bool


@api.get("/signs")
@needs("placements:read")
def get_signs(path: PlacementPath) -> Response:
    """The newest two hundred signs, open ones first."""
    with reading(bound_tenant()) as session:
        found = list_signs(session, find_placement(session, path.placement))
        items = [
            SignShown(
                id=str(sign.id),
                kind=sign.kind,
                card=number,
                count=sign.count,
                first_at=sign.first_at,
                last_at=sign.last_at,
                settled_at=sign.settled_at,
            )
            for sign, number in found
        ]
        return answer(Page[SignShown](items=items))


@api.post("/signs/<sign>/settle")
@needs("placements:write")
def settle(path: SignPath) -> Response:
    """Somebody has looked at it; it opens again when it grows."""
    with writing(bound_tenant()) as session:
        sign = settle_sign(session, find_placement(session, path.placement), path.sign)
        audit.record(session, "placement.sign_settled", f"placement:{path.placement}", {"kind": sign.kind})
        return answer({"settled": True})


@api.get("/refused")
@needs("placements:read")
def get_refused(path: PlacementPath) -> Response:
    """The newest two hundred redemptions that were refused, undecided ones first."""
    with reading(bound_tenant()) as session:
        found = list_refused(session, find_placement(session, path.placement))
        items = [
            RefusalShown(
                id=str(row.id),
                card=number,
                reason=row.reason,
                times=row.times,
                at=row.at,
                last_at=row.last_at,
                state=row.state,
                can_accept=row.state == "refused" and row.answers is not None and row.reason != "used",
            )
            for row, number in found
        ]
        return answer(Page[RefusalShown](items=items))


@api.post("/refused/<refusal>/accept")
@needs("placements:write")
def accept(path: RefusalPath) -> Response:
    """Redeem the card for whoever was refused, whatever the limits say."""
    accept_refused(bound_tenant(), path.placement, path.refusal)
    return answer({"accepted": True})


@api.post("/refused/<refusal>/dismiss")
@needs("placements:write")
def dismiss(path: RefusalPath) -> Response:
    """Leave it refused, and take it off the list of what waits."""
    with writing(bound_tenant()) as session:
        decide(session, find_refused(session, find_placement(session, path.placement), path.refusal), "dismissed")
        audit.record(session, "placement.refusal_dismissed", f"placement:{path.placement}", {"refusal": path.refusal})
        return answer({"dismissed": True})
