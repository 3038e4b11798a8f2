"""Webhooks of Douyin's open platform: a challenge once, then events of messages, comments and followers."""

import hashlib

from pydantic import JsonValue

from core.sdk import Answer, Detail, Event, IdentityClaim, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.douyin import is_from_douyin
from plugins.livestream.comments import comment_touch, message_touch
from plugins.livestream.hook.fields import KINDS, read_pairs
from plugins.livestream.settings import LiveSettings

APP = "douyin"


class DouyinHook:
    """One webhook."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Signed with the client secret over the raw body; `verify_webhook` gets its challenge back."""
        secret = self._settings.douyin_secret.get_secret_value()
        if not is_from_douyin(request.body, request.headers.get("x-douyin-signature", ""), client_secret=secret):
            return Answer(accepted=False, status=401)
        try:
            event = told.inner(told.load_json(request.body))
        except Refused:
            return Answer(accepted=False, status=400)
        if told.text(event, "event") == "verify_webhook":
            return Answer(accepted=True, reply={"challenge": _content(event).get("challenge")})
        return Answer(accepted=True, reply={"err_no": 0}, dedup_key=f"douyin-{_name(request)}"[:200])

    def parse(self, request: Request) -> list[Event]:
        """One touch of the person whom it is about; an event that the operator did not name is none."""
        event = told.inner(told.load_json(request.body))
        kinds = read_pairs(self._settings.douyin_kinds)
        kind = next((kind for kind in KINDS if kind == kinds.get(told.text(event, "event"))), None)
        person = told.text(event, "from_user_id", limit=200)
        if kind is None or not person:
            return []
        content = _content(event)
        who = (IdentityClaim(kind="platform_openid", value=person, app=self._settings.douyin_app_id or APP),)
        at = told.moment(
            content.get("create_time") or content.get("timestamp") or event.get("create_time"),
            received_at=request.received_at,
        )
        text = told.text(content, "text", "content") or told.text(told.inner(content, "text"), "text")
        event_id = f"douyin-{_name(request)}"[:200]
        place: Detail = {"event": told.text(event, "event", limit=60)}
        if kind == "comment":
            touch = comment_touch(event_id, at=at, who=who, text=text, name="", place=place, settings=self._settings)
            return [touch] if touch else []
        return [message_touch(event_id, at=at, who=who, kind=kind, text=text, place=place)]


def _content(event: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """`content` is an object, or one written as a text."""
    content = event.get("content")
    if isinstance(content, str):
        try:
            content = told.load_json(content.encode("utf-8", "replace"))
        except Refused:
            return {}
    return told.inner(content)


def _name(request: Request) -> str:
    """What names the delivery over its repetitions."""
    given = told.plain_text(request.headers.get("msg-id", ""), limit=150)
    return given or hashlib.sha256(request.body).hexdigest()
