"""What Douyin pushes out of a live room: comments, gifts, likes, the fan club. It wants an answer in two seconds."""

import hashlib
from datetime import datetime

from pydantic import JsonValue

from core.sdk import Answer, ClaimAsked, Detail, Event, IdentityClaim, Refused, Request, Touch
from core.sdk import vendor_json as told
from core.sdk.signing.douyin import is_live_push
from plugins.livestream.comments import comment_touch
from plugins.livestream.douyin.webhook import APP
from plugins.livestream.settings import LiveSettings

JOINED_THE_CLUB = "2"
Item = dict[str, JsonValue]


class LivePush:
    """One push of up to a hundred items of one kind, from one room."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Signed over four headers and the raw body. The items are told apart by their own ids, later."""
        secret = self._settings.douyin_live_secret.get_secret_value()
        if not is_live_push(request.body, request.headers, secret=secret):
            return Answer(accepted=False, status=401)
        try:
            is_list = isinstance(told.load_json(request.body), list)
        except Refused:
            is_list = False
        if not is_list:
            return Answer(accepted=False, status=400)
        named = "|".join(request.headers.get(name, "") for name in ("x-roomid", "x-msg-type")).encode()
        digest = hashlib.sha256(named + b"|" + request.body).hexdigest()
        return Answer(accepted=True, reply={"err_no": 0}, dedup_key=f"live-{digest}")

    def parse(self, request: Request) -> list[Event]:
        """A touch an item. Likes are left out: the platform itself drops many, and nobody is met by one."""
        kind, room = (told.plain_text(request.headers.get(name, ""), limit=100) for name in ("x-msg-type", "x-roomid"))
        events: list[Event] = []
        for item in told.items(told.load_json(request.body)):
            name, person = told.text(item, "msg_id", limit=150), told.text(item, "sec_openid", limit=200)
            if not name or not person or item.get("test") is True:
                continue
            at = told.moment(item.get("timestamp"), received_at=request.received_at)
            touch = self._touch(f"live-{name}", kind, item, room=room, at=at, who=self._person(person))
            if touch is not None:
                events.append(touch)
        return events

    def _person(self, open_id: str) -> tuple[IdentityClaim, ...]:
        return (IdentityClaim(kind="platform_openid", value=open_id, app=self._settings.douyin_app_id or APP),)

    def _touch(
        self, event_id: str, kind: str, item: Item, *, room: str, at: datetime, who: tuple[IdentityClaim, ...]
    ) -> Touch | ClaimAsked | None:
        place: Detail = {"room_id": room, "event": kind}
        match kind:
            case "live_comment":
                text, name = told.text(item, "content"), told.text(item, "nickname", limit=100)
                return comment_touch(
                    event_id, at=at, who=who, text=text, name=name, place=place, settings=self._settings
                )
            case "live_gift":
                told_of: Detail = {"gift_fen": _whole(item, "gift_value"), "gifts": _whole(item, "gift_num")}
                return Touch(event_id=event_id, at=at, who=who, kind="comment", detail=place | told_of)
            case "live_fansclub":
                joined = told.text(item, "fansclub_reason_type") == JOINED_THE_CLUB
                return Touch(event_id=event_id, at=at, who=who, kind="joined" if joined else "visit", detail=place)
        return None


def _whole(item: Item, name: str) -> int | None:
    digits = told.text(item, name)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None
