"""One brand's short videos in the demo: each with a link in the bio and one in the comments.

Readers click, some leave their number in the platform's form, and what the platform counted is exported once a round.
"""

import hashlib
import hmac
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from core import clock, settings
from core.demo.brands import Brand
from core.demo.hand import DemoFailed
from core.demo.story import Person
from core.simulator.vendors.douyin_videos import DouyinVideos
from core.simulator.vendors.xiaohongshu import Xiaohongshu

if TYPE_CHECKING:
    from core.demo.stall import Stall

TOKEN = "siyu-simulator-red"
"""As the simulated vendor signs."""

FIRST_DAY = 640
"""Views of the newest video before today."""
LINKS = ("主页 bio", "评论区 comment")
LEADS, CLICKS, BUYS = 1.3, 3.0, 0.3
COLUMNS = "视频ID,日期,播放量,点赞量,评论量,分享量,涨粉量,消耗"


@dataclass
class Video:
    """One of them; `codes` are those of its links."""

    item_id: str
    codes: list[str]
    rows: list[str] = field(default_factory=list)


@dataclass
class Videos:
    """The channel, the two videos that have a story, and orders that are still to come."""

    stall: "Stall"
    channel: str = ""
    hook: str = ""
    videos: list[Video] = field(default_factory=list)
    orders: dict[int, list[tuple[Person, timedelta]]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    numbered: int = 0

    @property
    def brand(self) -> Brand:
        """Whose they are."""
        return self.stall.brand

    def open(self) -> None:
        """Configure the channel and put the first two out."""
        form = {"red_token": TOKEN, **DouyinVideos.account}
        body: dict[str, object] = {"plugin": "short_video", "name": "短视频 Short video", "settings": form}
        made = self.stall.hand.ask("POST", self.stall.path("/channels"), body=body)
        self.channel, self.hook = made["id"], "/hooks/" + made["hook_url"].rpartition("/")[2]
        for name in ("新品开箱 Unboxing", "达人测评 Creator's review"):
            self.videos.append(self._put_out(name, "xiaohongshu"))

    def live(self, day: int, *, exports: bool) -> None:
        """One day; with `exports` it ends with an upload of what the platform counted since the last one."""
        rng = np.random.default_rng([self.brand.seed, day])
        for number, video in enumerate(self.videos):
            self._watch(rng, video, day)
            for _ in range(rng.poisson(CLICKS)):
                with clock.set_to(self._at(rng, day)):
                    self.stall.hand.click(video.codes[int(rng.random() < 0.3)])
            for _ in range(rng.poisson(LEADS * (1 - 0.4 * number))):
                self._lead(rng, video, day)
        calls = [call for person, at in self.orders.pop(day, []) for call in self._order(rng, person, at)]
        evening = self.stall.start + timedelta(days=day + 1, seconds=-1)
        if calls:
            with clock.set_to(evening):
                self.stall.hand.send_calls(self.stall.write_key, calls, evening)
        if exports:
            self._export(day)

    def hand_over(self) -> None:
        """Leave the first video's form to the simulated platform, whose readers live on after today; and a new video to
        Douyin, whose figures are fetched from now on."""
        red = self.stall.hand.vendors.vendors[Xiaohongshu.key]
        label, port = self.stall.signature, settings.current().api_port
        red.hooks[label] = f"http://localhost:{port}{self.hook}"
        told = f"{label}={self.videos[0].item_id}"
        red.settings["note_id"] = ",".join(filter(None, (red.settings["note_id"], told)))
        douyin = self.stall.hand.vendors.vendors[DouyinVideos.key]
        now = clock.now()
        with self.stall.hand.at(now):
            newest = self._put_out("门店一日 A day in the shop", "douyin", starts_at=now - timedelta(days=1)).item_id
        douyin.settings["item_ids"] = " ".join(filter(None, (douyin.settings["item_ids"], newest)))
        douyin.make_happen("watched", {"item_id": newest, "views": str(FIRST_DAY)})

    def _put_out(self, name: str, platform: str, *, starts_at: datetime | None = None) -> Video:
        """One more video, with its links."""
        self.numbered += 1
        item_id = f"{self.brand.seed}{self.numbered:04d}"
        detail = {"platform": platform, "item_id": item_id, "author": f"@{self.brand.key}_{self.numbered}"}
        body: dict[str, object] = {"channel_id": self.channel, "name": name, "detail": detail}
        if starts_at:
            body["starts_at"] = starts_at.isoformat()
        placement = self.stall.hand.ask("POST", self.stall.path("/placements"), body=body)
        path = self.stall.path(f"/placements/{placement['id']}/links")
        return Video(
            item_id,
            [
                self.stall.hand.ask("POST", path, body={"target_url": self.brand.shop, "label": label})["code"]
                for label in LINKS
            ],
        )

    def _export(self, day: int) -> None:
        """Upload what the platform counted since the last time, as its back office exports it."""
        rows = [row for video in self.videos for row in video.rows]
        for video in self.videos:
            video.rows.clear()
        with self.stall.hand.at(self.stall.start + timedelta(days=day + 1)):
            path = self.stall.path(f"/channels/{self.channel}/exports?name=videos.csv")
            self.stall.hand.ask("POST", path, raw="\n".join([COLUMNS, *rows]).encode("utf-8-sig"))

    def _watch(self, rng: np.random.Generator, video: Video, day: int) -> None:
        """A video is watched most in its first days and pushed again with some money every other week."""
        views = int(900 * np.exp(-day / 25) * rng.lognormal(0, 0.25)) + int(rng.poisson(120))
        spend = 30 if day % 14 < 3 else 0
        views += spend * 12
        told = (views, views // 24, views // 190, views // 260, views // 310, f"{spend:.2f}")
        when = (self.stall.start + timedelta(days=day)).date()
        video.rows.append(",".join([video.item_id, when.isoformat(), *map(str, told)]))

    def _lead(self, rng: np.random.Generator, video: Video, day: int) -> None:
        self.count += 1
        prefix = {"tea": "170", "skin": "171"}[self.brand.key]
        key = f"{self.brand.key}-video-{self.count:05d}"
        person = Person(key, f"+86{prefix}9{self.count:07d}", f"anon-{key}", "video")
        at = self._at(rng, day)
        pairs = [{"label": "手机号", "value": person.phone}, {"label": "想了解", "value": "试用装"}]
        lead = {"leads_id": key, "note_id": video.item_id, "submitted_time": f"{at:%Y-%m-%d %H:%M:%S}", "data": pairs}
        body = json.dumps({"data": lead}, ensure_ascii=False).encode()
        signature = "sha1=" + hmac.new(TOKEN.encode(), body, hashlib.sha1).hexdigest()
        with clock.set_to(at + timedelta(seconds=20)):
            self._push(body, signature)
        if rng.random() < BUYS:
            later = day + 1 + int(rng.exponential(5))
            self.orders[later].append((person, timedelta(days=later, hours=float(rng.uniform(11, 22)))))

    def _push(self, body: bytes, signature: str) -> None:
        with self.stall.hand.app.test_client() as client:
            headers = {"X-Red-Signature": signature, "Content-Type": "application/json"}
            said = client.post(self.hook, data=body, headers=headers)
        if said.status_code != 200:
            raise DemoFailed(f"the webhook of the videos answered {said.status_code}")

    def _order(self, rng: np.random.Generator, person: Person, at: timedelta) -> list[dict[str, object]]:
        """They sign in at the shop with the phone that they had left, and buy."""
        amount = f"{self.brand.basket * float(rng.lognormal(-0.1, 0.4)):.2f}"
        about = {"anonymousId": person.cookie, "userId": person.key, "timestamp": (self.stall.start + at).isoformat()}
        told = {"order_id": f"{person.key}-1", "total": amount, "currency": "CNY"}
        return [
            {**about, "type": "identify", "messageId": f"{person.key}-i", "traits": {"phone": person.phone}},
            {**about, "type": "track", "event": "Order Completed", "messageId": f"{person.key}-o", "properties": told},
        ]

    def _at(self, rng: np.random.Generator, day: int) -> datetime:
        return self.stall.start + timedelta(days=day, hours=float(rng.uniform(9, 23)))
