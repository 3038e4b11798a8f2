"""What is doubtful about a placement's cards over HTTP: signs, and redemptions that were refused."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, TypeVar

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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


class DoubtShown(BaseModel):
    """card: the card's number where one is meant."""

    model_config = ConfigDict(from_attributes=True)

    id: Annotated[str, BeforeValidator(str)]
    card: int | None = None
    last_at: datetime


Shown = TypeVar("Shown", bound=DoubtShown)


class SignShown(DoubtShown):
    """kind: what was noticed; count: how many browsers, cards or tries."""

    kind: str
    count: int
    first_at: datetime
    settled_at: datetime | None


class RefusalShown(DoubtShown):
    """times: how often the same form was refused; can_accept: whether what was typed is still known."""

    reason: str
    times: int
    at: datetime
    state: str
    can_accept: bool


@api.get("/signs")
@needs("placements:read")
def get_signs(path: PlacementPath) -> Response:
    """The newest two hundred signs, open ones first."""
    with reading(bound_tenant()) as session:
        found = list_signs(session, find_placement(session, path.placement))
        return answer(Page[SignShown](items=_show(SignShown, found)))


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
        return answer(Page[RefusalShown](items=_show(RefusalShown, found)))


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


def _show(shape: type[Shown], found: Iterable[tuple[object, int | None]]) -> list[Shown]:
    return [shape.model_validate(row).model_copy(update={"card": number}) for row, number in found]
