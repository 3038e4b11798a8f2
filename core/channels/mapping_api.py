"""What a field mapping makes of a pasted sample, before anything is saved. Nothing of the sample is kept."""

import json
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from core import clock
from core.sdk.failures import Refused
from core.sdk.mapped import TARGETS, list_pointers, map_body, read_mapping, value_at
from core.sdk.vendor_json import load_json, plain_text
from core.web import Body, TenantPath, answer, needs

api = APIBlueprint("mapping", __name__, url_prefix="/v1/tenants/<tenant>/mapping")
SHOWN_EVENTS = 20


class Sample(Body):
    """A body as the other system sends it, and the rules so far."""

    mapping: str = Field("", max_length=20_000)
    sample: str = Field(max_length=200_000)


class PointerShown(BaseModel):
    """A place in the sample that holds a value, as rules write it: inside a row where `rows` says where rows are."""

    pointer: str
    value: str


class TargetShown(BaseModel):
    """A field of ours."""

    name: str
    title: dict[str, str]


class ProblemShown(BaseModel):
    """Why a row is no event."""

    row: int
    reason: str


class PreviewShown(BaseModel):
    """`mistake` says what is wrong with the sample or the rules; there are then no events."""

    mistake: str | None
    pointers: list[PointerShown]
    targets: list[TargetShown]
    events: list[dict[str, Any]]
    problems: list[ProblemShown]


@api.post("/preview")
@needs("channels:write")
def preview_mapping(path: TenantPath, body: Sample) -> Response:
    """Show which events the sample becomes."""
    try:
        document = load_json(body.sample.encode("utf-8", "replace"))
    except Refused as refusal:
        return answer(_shown(mistake=refusal.message))
    try:
        mapping = read_mapping(body.mapping)
    except ValueError as error:
        return answer(_shown(document, mistake=str(error)))
    rows = value_at(document, mapping.pointers["rows"]) if "rows" in mapping.pointers else document
    row = rows[0] if isinstance(rows, list) and rows else rows
    if not mapping.pointers:
        return answer(_shown(row))
    found = map_body(document, mapping, source="hook", received_at=clock.now())
    return answer(
        _shown(
            row,
            events=[event.model_dump(mode="json", exclude_defaults=True) for event in found.events[:SHOWN_EVENTS]],
            problems=[ProblemShown(row=number, reason=reason) for number, reason in found.problems.items()],
        )
    )


def _shown(
    document: Any = None,
    *,
    mistake: str | None = None,
    events: list[dict[str, Any]] | None = None,
    problems: list[ProblemShown] | None = None,
) -> PreviewShown:
    found = {one: value for one, value in list_pointers(document).items() if plain_text(one) == one}
    return PreviewShown(
        mistake=mistake,
        pointers=[
            PointerShown(pointer=one, value=_brief(value)) for one, value in found.items() if plain_text(one) == one
        ],
        targets=[TargetShown(name=name, title={"zh": title.zh, "en": title.en}) for name, title in TARGETS.items()],
        events=events or [],
        problems=problems or [],
    )


def _brief(value: object) -> str:
    return plain_text(json.dumps(value, ensure_ascii=False), limit=80)
