"""Starting the push out of a live room: one call a kind of message, by the app that is mounted in the room.

The call is documented; where its token comes from (the app's own id and secret), the code 40022 of a token that has
ended, and the fields of both answers are taken from public code that agrees, not from a page that could be read.
"""

import json

from pydantic import JsonValue

from core.sdk import BadSettings, HttpClient, Placement, Refused, Text
from core.sdk import vendor_json as told
from core.sdk.accounts.douyin import APP_TOKEN_ENDED, DouyinAppToken
from plugins.livestream.settings import LiveSettings

START = "https://webcast.bytedance.com/api/live_data/task/start"
KINDS = ("live_comment", "live_gift", "live_fansclub")
OFF = Text(
    zh="没有填直播应用的 AppSecret：请在开播后自己启动推送任务。",
    en="No AppSecret of the live app is filled in: start the push yourself once the session has begun.",
)


def start_pushes(placement: Placement, settings: LiveSettings, http: HttpClient) -> tuple[Text, ...]:
    """Have comments, gifts and fan clubs of the session's rooms pushed.

    What Douyin refuses is told, not raised, as long as it takes one of them: a push that runs already may be refused.
    """
    if placement.detail.get("platform") != "douyin" or not settings.douyin_app_secret.get_secret_value():
        return (OFF,) if placement.detail.get("platform") == "douyin" and settings.hears_rooms else ()
    rooms = str(placement.detail.get("room_id") or "").replace(",", " ").replace("，", " ").split()
    token = DouyinAppToken(
        http, app_id=settings.douyin_app_id, app_secret=settings.douyin_app_secret.get_secret_value()
    )
    refused: dict[str, str] = {}
    for room in rooms:
        for kind in KINDS:
            try:
                _start(room, kind, settings, token, http)
            except Refused as refusal:
                refused[f"{room} {kind}"] = refusal.message
    if refused and len(refused) == len(rooms) * len(KINDS):
        raise Refused("; ".join(dict.fromkeys(refused.values())), code="task")
    return tuple(Text(zh=f"{name}：{why}", en=f"{name}: {why}") for name, why in refused.items())


def _start(room: str, kind: str, settings: LiveSettings, token: DouyinAppToken, http: HttpClient) -> None:
    asked = json.dumps({"roomid": room, "appid": settings.douyin_app_id, "msg_type": kind}).encode()
    answer = _send(asked, token, http)
    if told.text(answer, "err_no") == APP_TOKEN_ENDED:
        token.renew()
        answer = _send(asked, token, http)
    code = told.text(answer, "err_no", limit=20)
    if code == APP_TOKEN_ENDED:
        raise BadSettings("douyin_app_secret: Douyin refuses the token that it gave. Check app id and secret.")
    if code != "0":
        raise Refused(f"Douyin answered {code}: {told.text(answer, 'err_msg', limit=200)}", code=code)


def _send(asked: bytes, token: DouyinAppToken, http: HttpClient) -> dict[str, JsonValue]:
    headers = {"access-token": token.value, "content-type": "application/json"}
    return told.inner(http.send("POST", START, repeatable=True, headers=headers, content=asked).json())
