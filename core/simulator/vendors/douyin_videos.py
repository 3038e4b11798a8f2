"""Douyin's open platform: what it counts of a video, up to yesterday."""

import hashlib

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, Reply, say

TOKEN = f"act.{MARK}"


class DouyinVideos(Vendor):
    """Answers for `data/external/item/base` as open.douyin.com does; a video grows as the days pass."""

    key = "douyin_videos"
    name = Text(zh="抖音视频数据", en="Douyin's figures of videos")
    hosts = ("open.douyin.com",)
    account = {"douyin_open_id": "open-1", "douyin_token": TOKEN}
    troubles = {"forged": "28001008", "garbage": "28001007", "busy": "28001004", "empty": "28001018"}

    def why_forged(self, asked: Asked) -> str:
        """The token alone."""
        return "" if asked.headers["access-token"] == TOKEN else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """All calls only ask; bad moods are for them all the same."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """Running totals of one video; the same video has the same on the same day."""
        item = asked.query["item_id"]
        if not asked.query["open_id"] or not item.isalnum() or item == "0":
            return self.refuse("28001007")
        day = int(clock.now().timestamp()) // 86_400
        born = int(hashlib.sha256(item.encode()).hexdigest()[:4], 16)
        plays = 400 + sum(60 + (born + one) % 90 for one in range(day % 60))
        counts: JsonValue = {
            "total_play": plays,
            "total_like": plays // 24,
            "total_comment": plays // 180,
            "total_share": plays // 260,
        }
        return say({"data": {"error_code": 0, "description": "", "result": counts}, "extra": {"error_code": 0}})

    def refuse(self, code: str) -> Reply:
        """Errors come with status 200, inside `data`."""
        return say({"data": {"error_code": int(code), "description": "simulated"}, "extra": {"error_code": int(code)}})
