"""The demo's evenings in the live room: viewers comment, some claim what the host offers, and some of those buy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import numpy as np

from core import clock, settings
from core.demo.brands import DAYS as LIVED
from core.demo.hand import PHONE
from core.demo.stall import Stall
from core.jobs.runner import run_pending
from core.sdk.simulated import MARK
from core.simulator.vendors.douyin_live import DouyinLive

DAYS = (33, 47, 61, 75, 88)
BEGINS, LASTS = timedelta(hours=20), timedelta(hours=2)
HOST, KEYWORD, SPOKEN = "小林", "领福利", "春茶88"
COMMENTS, GIFTS, CLAIMS = 26, 4, 9


@dataclass
class Room:
    """One brand's live channel: its id in the API, and the way in that the platform was given."""

    stall: Stall
    channel: str
    hook: str


def open_room(stall: Stall) -> Room:
    """Configure the channel, with the accounts of the simulator."""
    settings: dict[str, object] = {**DouyinLive.account, "claim_words": [KEYWORD], "headline": "直播间专享茶礼"}
    body = {"plugin": "livestream", "name": "抖音直播 Live sessions", "settings": settings}
    made = stall.hand.ask("POST", stall.path("/channels"), body=body)
    return Room(stall, made["id"], httpx.URL(made["hook_url"]).path)


def hold_show(room: Room, day: int) -> None:
    """One evening: the session is put out, viewers are pushed to us, claims and orders follow."""
    stall, number = room.stall, DAYS.index(day) + 1
    rng = np.random.default_rng(stall.brand.seed + 1000 + day)
    begins = stall.start + timedelta(days=day) + BEGINS
    with stall.hand.at(begins - timedelta(hours=3)):
        made = stall.hand.ask("POST", stall.path("/placements"), body=_session(room, number, begins))
        link = stall.hand.ask("GET", stall.path(f"/placements/{made['id']}/links"))["items"][0]["code"]
    douyin = _douyin(room)
    douyin.settings["room_id"] = _room(number)
    with clock.set_to(begins + LASTS):
        for _ in range(COMMENTS):
            _push(room, douyin, "comment", _viewer(rng, begins, text=KEYWORD if rng.random() < 0.4 else "来了"))
        for _ in range(GIFTS):
            _push(room, douyin, "gift", _viewer(rng, begins))
        run_pending(queues=("quick",))
    for place, minute in enumerate(sorted(rng.uniform(5, 110, CLAIMS))):
        _claim(
            room, link, f"+86170{90_000_000 + day * 100 + place}", at=begins + timedelta(minutes=float(minute)), rng=rng
        )


def plan_next(room: Room) -> None:
    """Leave a session of today to the simulated platform, whose viewers live on after the demo's past."""
    stall, number = room.stall, len(DAYS) + 1
    begins = stall.start + timedelta(days=LIVED)
    with stall.hand.at(begins):
        body = _session(room, number, begins) | {"ends_at": (begins + timedelta(days=30)).isoformat()}
        made = stall.hand.ask("POST", stall.path("/placements"), body=body)
        link = stall.hand.ask("GET", stall.path(f"/placements/{made['id']}/links"))["items"][0]["code"]
    base = f"http://127.0.0.1:{settings.current().api_port}"
    douyin = _douyin(room)
    douyin.hooks[""] = f"http://localhost:{settings.current().api_port}{room.hook}"
    douyin.settings |= {
        "room_id": _room(number),
        "keyword": KEYWORD,
        "spoken": SPOKEN,
        "claim_page": f"{base}/l/{link}",
    }


def _douyin(room: Room) -> DouyinLive:
    douyin = room.stall.hand.vendors.vendors[DouyinLive.key]
    assert isinstance(douyin, DouyinLive)
    return douyin


def _session(room: Room, number: int, begins: datetime) -> dict[str, object]:
    return {
        "channel_id": room.channel,
        "name": f"第 {number} 场直播 Live session {number}",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + LASTS).isoformat(),
        "cost": "480.00",
        "detail": {
            "platform": "douyin",
            "host": HOST,
            "host_id": "99001",
            "room_id": _room(number),
            "spoken": SPOKEN,
            "products": "\n".join(room.stall.brand.skus),
        },
    }


def _room(number: int) -> str:
    return f"{MARK}{number:04}"


def _viewer(rng: np.random.Generator, begins: datetime, **fields: str) -> dict[str, str]:
    at = begins + timedelta(minutes=float(rng.uniform(0, 118)))
    return {"person": f"{MARK}{rng.integers(10**9):09}", "at": str(at.timestamp()), **fields}


def _push(room: Room, douyin: DouyinLive, what: str, fields: dict[str, str]) -> None:
    posting = douyin.pack(douyin.tell(what, fields), room.hook, clock.now())
    with room.stall.hand.app.test_client() as platform:
        platform.post(posting.url, data=posting.body, headers=dict(posting.headers))


def _claim(room: Room, link: str, phone: str, *, at: datetime, rng: np.random.Generator) -> None:
    """A viewer opens the claim page, types what the host said, and perhaps buys within the hour."""
    with clock.set_to(at), room.stall.hand.app.test_client() as viewer:
        viewer.get(f"/t/{link}", headers=PHONE)
        viewer.post(f"/l/{link}", data={"phone": phone, "spoken": SPOKEN, "consent": "1"}, headers=PHONE)
    if rng.random() < 0.6:
        bought = at + timedelta(minutes=float(rng.uniform(3, 55)))
        person = {"userId": f"{room.stall.brand.key}-live-{phone[-8:]}", "timestamp": bought.isoformat()}
        amount = f"{room.stall.brand.basket * float(rng.lognormal(-0.1, 0.3)):.2f}"
        order = {"order_id": f"LIVE-{phone[-8:]}", "total": amount, "currency": "CNY"}
        calls: list[dict[str, object]] = [
            {**person, "type": "identify", "messageId": f"{phone[-8:]}-i", "traits": {"phone": phone}},
            {
                **person,
                "type": "track",
                "messageId": f"{phone[-8:]}-o",
                "event": "Order Completed",
                "properties": order,
            },
        ]
        with clock.set_to(bought):
            room.stall.hand.send_calls(room.stall.write_key, calls, bought)
