"""`/v1/track identify page screen group alias batch`: the Segment protocol; every SDK of that family is a client."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from flask_openapi3 import APIBlueprint

from core import clock
from core.channels import service as channels
from core.db import platform_reading, reading
from core.errors import FieldError, Invalid, NotFound, Unauthenticated, UnsupportedType
from core.ingest.arriving import Arrival, store_arrivals
from core.ingest.segment import BATCH_BYTES, Accepted, Rejected, read_calls
from core.web import answer, public, read_body

api = APIBlueprint("segment", __name__, url_prefix="/v1")
ONE_CALL_BYTES = 1 << 20
_TYPES_TAKEN = ("application/json", "text/plain", "")  # browsers send text/plain to be spared a preflight


@dataclass(frozen=True, slots=True)
class Sender:
    tenant: int
    channel: int


@api.post("/batch")
@public
def receive_batch() -> Response:
    """Take in many calls; each is accepted or rejected for itself."""
    sender = _sender()
    accepted, rejected = read_calls(_body(BATCH_BYTES))
    _store(sender, accepted, rejected)
    return _told(accepted, rejected)


def _receive_one(kind: str) -> Response:
    sender = _sender()
    accepted, rejected = read_calls(_body(ONE_CALL_BYTES), only=kind)
    _store(sender, accepted, rejected)
    if rejected:
        reason = rejected[0].reason
        raise Invalid("The call cannot be used.", fields=[FieldError(kind, reason.code, f"{reason.zh} / {reason.en}")])
    return _told(accepted, rejected)


@api.post("/track")
@public
def receive_track() -> Response:
    """What somebody did."""
    return _receive_one("track")


@api.post("/identify")
@public
def receive_identify() -> Response:
    """Who somebody is."""
    return _receive_one("identify")


@api.post("/page")
@public
def receive_page() -> Response:
    """A page that was seen."""
    return _receive_one("page")


@api.post("/screen")
@public
def receive_screen() -> Response:
    """A screen of an app that was seen."""
    return _receive_one("screen")


@api.post("/group")
@public
def receive_group() -> Response:
    """What somebody belongs to."""
    return _receive_one("group")


@api.post("/alias")
@public
def receive_alias() -> Response:
    """Two names of one person."""
    return _receive_one("alias")


@api.after_request
def allow_browsers(response: Response) -> Response:
    """The write key is public by nature: sites of any origin may send with it, and read nothing but the receipt."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    return response


def _sender() -> Sender:
    """The channel behind the write key.

    Raises:
        Unauthenticated: no key, or one that nobody has.
    """
    key = _write_key()
    with platform_reading() as session:
        found = channels.channel_by_write_key(session, key) if key else None
    if found is None:
        raise Unauthenticated("Send the channel's write key as the user name of Basic authentication.")
    try:
        with reading(found.tenant) as session:
            return Sender(found.tenant, channels.find_channel(session, found.target).number)
    except NotFound:
        raise Unauthenticated from None


def _write_key() -> str:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        return b64decode(told, validate=True).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


def _body(limit: int) -> bytes:
    if request.mimetype not in _TYPES_TAKEN:
        raise UnsupportedType("Send JSON with Content-Type: application/json.")
    return read_body(limit)


def _store(sender: Sender, accepted: Sequence[Accepted], rejected: Sequence[Rejected]) -> None:
    arrivals = [Arrival(one.call.message_id, one.call.event or one.call.type, one.raw) for one in accepted]
    arrivals += [Arrival(_own_id(one.raw), "rejected", one.raw, refused=one.reason.en) for one in rejected]
    store_arrivals(sender.tenant, sender.channel, "sdk", arrivals, received_at=clock.now())


def _own_id(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _told(accepted: Sequence[Accepted], rejected: Sequence[Rejected]) -> Response:
    told = [{"index": r.index, "code": r.reason.code, "zh": r.reason.zh, "en": r.reason.en} for r in rejected]
    return answer({"success": True, "accepted": len(accepted), "rejected": told})
