"""`/hooks/<secret>`: webhooks of vendors. Genuine ones are durable before they are acknowledged, and read later."""

import json

from flask import Response, current_app, request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, JsonValue, ValidationError

from core import clock
from core.channels.models import Channel
from core.db import new_id
from core.errors import Malformed, Unavailable
from core.ingest.arriving import Arrival, store_arrivals
from core.ingest.hook_doors import HookDoors
from core.ingest.polling import submit_pull
from core.logs import logger
from core.plugin_host import host
from core.plugin_host.calls import PluginFault, PluginMissing
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Answer, Request
from core.web import public, read_body

log = logger(__name__)
api = APIBlueprint("hooks", __name__, url_prefix="/hooks")
HOOK_BYTES = 1 << 20
_NOT_KEPT = ("cookie",)


class HookPath(BaseModel):
    """The secret part of the address; only its fingerprint is stored."""

    secret: str = Field(max_length=200)


@api.post("/<secret>")
@public
def receive_hook(path: HookPath) -> Response:
    """Take in a vendor's call."""
    return _receive(path.secret)


@api.get("/<secret>")
@public
def check_hook(path: HookPath) -> Response:
    """Vendors try an address by GET and expect its echo; nothing is stored for it."""
    return _receive(path.secret, is_stored=False)


def _receive(secret: str, *, is_stored: bool = True) -> Response:
    door = _doors().find(secret)
    channel, asked = door.channel, _as_request()
    answer, was_believed = _ask(channel, asked, door.settings)
    if not answer.accepted:
        log.warning("channel %s refuses a webhook as not genuine", channel.id)
        return _reply(answer, answer.status if answer.status >= 400 else 403)
    if is_stored:
        kept = {"request": asked.model_dump(mode="json"), "believed": was_believed}
        arrival = Arrival(answer.dedup_key or asked.id, "hook", json.dumps(kept).encode())
        store_arrivals(door.tenant, channel.number, "hook", [arrival], received_at=asked.received_at)
        if answer.wants_pull:
            submit_pull(door.tenant, channel)
    return _reply(answer, answer.status)


def _doors() -> HookDoors:
    doors = current_app.extensions.setdefault("siyu_hook_doors", HookDoors())
    assert isinstance(doors, HookDoors)
    return doors


def _ask(channel: Channel, asked: Request, settings: dict[str, JsonValue]) -> tuple[Answer, bool]:
    """The plugin's answer, and whether it gave one: where it overran, a worker asks again before it is believed."""
    try:
        return host().call(channel.plugin_key, "answer", asked, settings), True
    except PluginMissing:
        raise Unavailable("This channel cannot receive now.", retry_after=60) from None
    except PluginFault:
        return Answer(accepted=True), False
    except ChannelFailure:
        return Answer(accepted=False, status=403), True


def _as_request() -> Request:
    body = read_body(HOOK_BYTES)
    headers = {name.lower(): value[:8000] for name, value in request.headers.items() if name.lower() not in _NOT_KEPT}
    try:
        return Request(
            id=str(new_id()),
            received_at=clock.now(),
            method=request.method,
            query=tuple((name[:500], value) for name, value in request.args.items(multi=True)),
            headers=headers,
            body=body,
        )
    except ValidationError:
        raise Malformed("The request holds characters that cannot be stored.") from None


def _reply(answer: Answer, status: int) -> Response:
    if answer.reply is None:
        return Response(status=status)
    if isinstance(answer.reply, str):
        return Response(answer.reply, status, content_type="text/plain; charset=utf-8")
    return Response(json.dumps(answer.reply, ensure_ascii=False), status, content_type="application/json")
