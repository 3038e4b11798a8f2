"""Douyin's open platform: how a business account's videos do, and the renewal of its token."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import JsonValue

from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Reply, say

OPEN_ID, CLIENT_KEY = f"o{MARK}", f"ck{MARK}"
TOKEN, REFRESH_TOKEN = f"act.{MARK}", f"rft.{MARK}"
RENEWAL = "/oauth/refresh_token/"
BASE = "/data/external/item/base/"
PER_VIEW = {"total_like": 24, "total_comment": 190, "total_share": 260}
"""So many views bring one."""


class DouyinVideos(Vendor):
    """Answers as open.douyin.com does: status 200, with a code inside. It calls nobody: figures are fetched."""

    key = "douyin_videos"
    name = Text(zh="抖音视频数据", en="Douyin figures of videos")
    hosts = ("open.douyin.com",)
    account: ClassVar[Mapping[str, str]] = {
        "douyin_open_id": OPEN_ID,
        "douyin_token": TOKEN,
        "douyin_client_key": CLIENT_KEY,
        "douyin_refresh_token": REFRESH_TOKEN,
    }
    console: ClassVar[Mapping[str, str]] = {"item_ids": ""}
    troubles = {"forged": "28001008", "garbage": "2100005", "busy": "28001005", "empty": "28003017"}
    topics: ClassVar[Mapping[str, Text]] = {
        "watched": Text(zh="视频被观看", en="A video is watched"),
        "token_ends": Text(zh="Access token 到期", en="The access token ends"),
    }
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {"watched": ("item_id", "views")}

    def forget(self) -> None:
        """Nobody watched; the token of the account is good."""
        self.views: dict[str, int] = {}
        self.token = TOKEN
        self.renewed = 0

    def remember(self) -> JsonValue:
        """Totals never fall, also not at a restart."""
        return {**self.views}

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.views = {item: int(str(views)) for item, views in kept.items()} if isinstance(kept, dict) else {}

    def why_forged(self, asked: Asked) -> str:
        """The token in its header, for the account that gave it; a renewal by the app and its refresh token."""
        if asked.path == RENEWAL:
            form = asked.form
            wanted = (CLIENT_KEY, "refresh_token", REFRESH_TOKEN)
            is_good = (form["client_key"], form["grant_type"], form["refresh_token"]) == wanted
            return "" if is_good else "another app or refresh token"
        if asked.headers["access-token"] != self.token:
            return "another access token"
        return "" if asked.query["open_id"] == OPEN_ID else "another account"

    def is_query(self, asked: Asked) -> bool:
        """It is only ever asked, so bad moods are for questions."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """A new token, or the running totals of one video."""
        match asked.method, asked.path:
            case "POST", path if path == RENEWAL:
                return self._renew()
            case "GET", path if path == BASE:
                return self._tell_totals(asked.query["item_id"])
            case _:
                return self.refuse(self.troubles["garbage"])

    def refuse(self, code: str) -> Reply:
        """Status 200, a code and a word."""
        return say({"data": {"error_code": int(code), "description": "simulated"}, "message": "error"})

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """People watch, or the token ends; nothing is told."""
        if what == "watched":
            self._watch(fields["item_id"], int(fields["views"]))
        elif what == "token_ends":
            self.token = ""
        else:
            return super().make_happen(what, fields)
        return ()

    def a_day(self, day: Day) -> None:
        """Each video of the console is watched a few hundred times."""
        for item_id in self._listed():
            self._watch(item_id, day.rng.randrange(200, 900))

    def _listed(self) -> list[str]:
        return [one for one in self.settings["item_ids"].replace(",", " ").split() if one]

    def _watch(self, item_id: str, views: int) -> None:
        if views < 0:
            raise ValueError("views only grow")
        self.views[item_id] = self.views.get(item_id, 0) + views

    def _renew(self) -> Reply:
        self.renewed += 1
        self.token = f"{TOKEN}.{self.renewed}"
        told: dict[str, JsonValue] = {
            "access_token": self.token,
            "refresh_token": REFRESH_TOKEN,
            "expires_in": 1_296_000,
            "open_id": OPEN_ID,
            "error_code": 0,
            "description": "",
        }
        return say({"data": told, "message": "success"})

    def _tell_totals(self, item_id: str) -> Reply:
        if item_id not in self.views and item_id not in self._listed():
            return self.refuse(self.troubles["garbage"])
        views = self.views.get(item_id, 0)
        result: dict[str, JsonValue] = {"total_play": views, **{name: views // per for name, per in PER_VIEW.items()}}
        return say({"data": {"error_code": 0, "description": "", "result": result}, "extra": {"error_code": 0}})
