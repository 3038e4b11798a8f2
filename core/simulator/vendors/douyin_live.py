"""Douyin: webhooks of the open platform and the push out of live rooms, each signed in its own way."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Ack, Asked, News, Posting, Reply, dump, say

SECRET, LIVE_SECRET, APP_SECRET = "siyu-simulator-douyin", "siyu-simulator-douyin-live", "siyu-simulator-douyin-app"
START, TOKEN = "/api/live_data/task/start", "/api/apps/v2/token"
KINDS = ("live_comment", "live_gift", "live_like", "live_fansclub")
VIEWERS = 24
IDLE = ("主播好看", "多少钱", "来了来了", "能便宜点吗")


class DouyinLive(Vendor):
    """Calls us as Douyin does; is called for an app's token, and to start the push of a room."""

    key = "douyin_live"
    name = Text(zh="抖音直播", en="Douyin live")
    hosts = ("webcast.bytedance.com", "developer.toutiao.com")
    account: ClassVar[Mapping[str, str]] = {
        "douyin_app_id": f"tt{MARK}",
        "douyin_secret": SECRET,
        "douyin_live_secret": LIVE_SECRET,
        "douyin_app_secret": APP_SECRET,
    }
    console: ClassVar[Mapping[str, str]] = {
        "room_id": f"{MARK}268",
        "keyword": "领福利",
        "claim_page": "",
        "spoken": "",
    }
    troubles = {"forged": "40022", "garbage": "40001", "busy": "40029", "empty": "40030"}
    retries = (1, 2, 4)
    ack_within = 2.0
    topics: ClassVar[Mapping[str, Text]] = {
        "comment": Text(zh="评论", en="A comment"),
        "gift": Text(zh="礼物", en="A gift"),
        "fansclub": Text(zh="加入粉丝团", en="Somebody joins the fan club"),
        "message": Text(zh="私信", en="A private message"),
        "challenge": Text(zh="验证回调地址", en="The try of the address"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "comment": ("person", "text"),
        "gift": ("person",),
        "fansclub": ("person",),
        "message": ("person", "text"),
    }

    def forget(self) -> None:
        """Nothing was said, no push was started."""
        self._said = 0
        self.started: list[tuple[str, str]] = []
        self.tokens_that_end = 0

    def why_forged(self, asked: Asked) -> str:
        """App id and secret for a token, the token for all else."""
        if asked.path == TOKEN:
            told = asked.fields
            fits = (told["appid"], told["secret"]) == (self.account["douyin_app_id"], APP_SECRET)
            return "" if fits and told["grant_type"] == "client_credential" else "another app id or secret"
        return "" if asked.headers.get("access-token") == f"live-{MARK}" else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """Starting twice does no harm."""
        return True

    def answer(self, asked: Asked) -> Reply:
        """A token, or the push of one kind of message out of one room."""
        if asked.path == TOKEN:
            return say(
                {"err_no": 0, "err_tips": "success", "data": {"access_token": self._token(), "expires_in": 7200}}
            )
        told = asked.fields
        kind, room = str(told["msg_type"]), str(told["roomid"])
        if asked.path != START or kind not in KINDS or told["appid"] != self.account["douyin_app_id"]:
            return self.refuse("40001")
        self.started.append((room, kind))
        return say({"err_no": 0, "err_msg": "", "data": {"task_id": f"task-{len(self.started)}"}})

    def _token(self) -> str:
        """Some tokens have ended as soon as they are given: they are of no use."""
        self.tokens_that_end -= 1
        return f"ended-{MARK}" if self.tokens_that_end >= 0 else f"live-{MARK}"

    def refuse(self, code: str) -> Reply:
        """A number and a word."""
        return say({"err_no": int(code), "err_msg": "simulated", "err_tips": "simulated"})

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Live pushes are signed over four headers and the body, webhooks over the body."""
        kind = news.headers.get("x-msg-type")
        if kind is None:
            mark = hashlib.sha1(SECRET.encode() + news.content, usedforsecurity=False).hexdigest()
            headers = {"content-type": "application/json", "x-douyin-signature": mark, **news.headers}
            return Posting(url, news.content, headers)
        signed = {
            "x-msg-type": kind,
            "x-nonce-str": f"n{int(at.timestamp() * 1000)}",
            "x-roomid": news.headers["x-roomid"],
            "x-timestamp": str(int(at.timestamp() * 1000)),
        }
        text = "&".join(f"{name}={value}" for name, value in signed.items()).encode() + news.content
        mark = base64.b64encode(hashlib.md5(text + LIVE_SECRET.encode(), usedforsecurity=False).digest()).decode()
        return Posting(url, news.content, {"content-type": "application/json", **signed, "x-signature": mark})

    def is_taken(self, ack: Ack) -> bool:
        """Any 2xx; a challenge must come back as it was."""
        return 200 <= ack.status < 300

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """One event by hand; `at` (seconds since 1970) is when it happened, now if it is not given."""
        person = fields.get("person") or "somebody"
        at = float(fields.get("at") or clock.now().timestamp())
        match what:
            case "comment":
                return self._push("live_comment", self._item(person, at) | {"content": fields.get("text", "")})
            case "gift":
                told: dict[str, JsonValue] = {"sec_gift_id": "rose", "gift_num": 1, "gift_value": 100, "test": False}
                return self._push("live_gift", self._item(person, at) | told)
            case "fansclub":
                club: dict[str, JsonValue] = {"fansclub_reason_type": 2, "fansclub_level": 1}
                return self._push("live_fansclub", self._item(person, at) | club)
            case "message":
                content: dict[str, JsonValue] = {"text": fields.get("text", ""), "create_time": int(at * 1000)}
                return self._webhook("im_receive_msg", person, content)
            case "challenge":
                return self._webhook("verify_webhook", "", {"challenge": 12345})
        return super().tell(what, fields)

    def a_day(self, day: Day) -> None:
        """A show: most comment something, some the keyword, and some of those claim what was promised."""
        page = self.settings["claim_page"]
        for number in range(VIEWERS):
            person, open_id = day.person(), f"{MARK}{day.rng.randrange(10**9):09}"
            asks = number % 3 == 0
            text = self.settings["keyword"] if asks else day.rng.choice(IDLE)
            self.later(self.tell("comment", {"person": open_id, "text": text}))
            if number % 8 == 1:
                self.later(self.tell("gift", {"person": open_id}))
            if asks and page and day.rng.random() < 0.6:
                day.visit(page, person)
                form = {"phone": person.phone, "spoken": self.settings["spoken"], "consent": "1"}
                day.visit(page, person, form)

    def _item(self, person: str, at: float) -> dict[str, JsonValue]:
        self._said += 1
        return {
            "msg_id": f"{int(at * 1000)}{self._said:04}",
            "sec_openid": person,
            "avatar_url": "",
            "nickname": f"观众{person[-4:]}",
            "timestamp": int(at * 1000),
        }

    def _push(self, kind: str, item: JsonValue) -> News:
        headers = {"x-msg-type": kind, "x-roomid": self.settings["room_id"]}
        return News(kind, dump([item]), headers=headers)

    def _webhook(self, event: str, person: str, content: Mapping[str, JsonValue]) -> News:
        self._said += 1
        written: JsonValue = dict(content) if event == "verify_webhook" else json.dumps(content, ensure_ascii=False)
        told: JsonValue = {
            "event": event,
            "client_key": self.account["douyin_app_id"],
            "from_user_id": person,
            "content": written,
            "log_id": f"log{self._said}",
        }
        return News(event, dump(told), headers={"msg-id": f"{MARK}-{int(clock.now().timestamp())}-{self._said}"})
