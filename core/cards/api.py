"""A placement's cards over HTTP: their states, and what is done to many at once."""

from datetime import datetime
from typing import Literal

from flask import Response, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core import audit
from core.cards.lists import receive_list
from core.cards.models import CardMove
from core.cards.moving import ask_move, ask_undo, list_moves
from core.db import reading, writing
from core.ingest.api import ANY_SIZE
from core.ingest.multipart import read_stream
from core.placements.card_states import count_states, works_after_shipping
from core.placements.service import find_placement
from core.placements.shapes import PlacementPath
from core.web import Body, answer, bound_tenant, needs

api = APIBlueprint("placement_cards", __name__, url_prefix="/v1/tenants/<tenant>/placements/<placement>/cards")
LAST = 2**31 - 1


class MovePath(PlacementPath):
    """One move of a placement's cards."""

    move: str = Field(max_length=64)


class ListQuery(BaseModel):
    """What the person called the file."""

    name: str = Field("cards.csv", max_length=300)


class NewMove(Body):
    """What to do with cards `first` to `last`; without them, with all."""

    deed: Literal["activate", "deactivate", "void", "restore"]
    first: int | None = Field(None, ge=1, le=LAST)
    last: int | None = Field(None, ge=1, le=LAST)


class ProblemShown(BaseModel):
    """A row of a list that was refused."""

    line: int
    zh: str
    en: str


class MoveShown(BaseModel):
    """moved: cards whose state changed; made: new cards; tied: cards whose order was told; undoes: the move that this
    one took back."""

    id: str
    job_id: str | None
    deed: str
    first: int
    last: int
    file_name: str
    undoes: str | None
    state: str
    moved: int
    made: int
    tied: int
    refused: int
    problems: list[ProblemShown]
    created_at: datetime


class CardsShown(BaseModel):
    """How many cards are in each state: printed, active, redeemed, void."""

    states: dict[str, int]
    only_after_shipping: bool
    moves: list[MoveShown]


@api.get("")
@needs("placements:read")
def get_cards(path: PlacementPath) -> Response:
    """The states of the placement's cards, and the last fifty moves."""
    with reading(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        return answer(
            CardsShown(
                states=count_states(session, placement),
                only_after_shipping=works_after_shipping(placement),
                moves=[_show(move) for move in list_moves(session, placement)],
            )
        )


@api.post("/moves")
@needs("placements:write")
def move_cards(path: PlacementPath, body: NewMove) -> Response:
    """Activate, deactivate, void or restore cards; the answer names the job to watch."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        move = ask_move(session, placement, body.deed, first=body.first, last=body.last)
        told = {"deed": move.deed, "first": move.first, "last": move.last}
        audit.record(session, "placement.cards_moved", f"placement:{placement.id}", told)
        return answer(_show(move), status=202)


@api.post("/lists")
@needs("placements:write")
def upload_list(path: PlacementPath, query: ListQuery) -> Response:
    """Take in a packing list (raw body, streamed): it names cards, or has one made for each row."""
    request.max_content_length = ANY_SIZE
    move = receive_list(bound_tenant(), path.placement, read_stream(request.stream), name=query.name)
    with writing(bound_tenant()) as session:
        audit.record(session, "placement.cards_listed", f"placement:{path.placement}", {"file": move.file_name})
    return answer(_show(move), status=202)


@api.post("/moves/<move>/undo")
@needs("placements:write")
def undo_move(path: MovePath) -> Response:
    """Take a move back, for the cards that nothing has happened to since."""
    with writing(bound_tenant()) as session:
        placement = find_placement(session, path.placement)
        back = ask_undo(session, placement, path.move)
        audit.record(session, "placement.cards_moved", f"placement:{placement.id}", {"undoes": path.move})
        return answer(_show(back), status=202)


def _show(move: CardMove) -> MoveShown:
    return MoveShown(
        id=str(move.id),
        job_id=str(move.job_id) if move.job_id else None,
        deed=move.deed,
        first=move.first,
        last=move.last,
        file_name=move.file_name,
        undoes=str(move.undoes) if move.undoes else None,
        state=move.state,
        moved=move.moved,
        made=move.made,
        tied=move.tied,
        refused=move.refused,
        problems=[ProblemShown.model_validate(one) for one in move.problems],
        created_at=move.created_at,
    )
