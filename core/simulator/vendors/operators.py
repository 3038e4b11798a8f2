"""The brands' own people: no vendor, but on a simulated day they write to those who joined lately."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import JsonValue, TypeAdapter

from core import clock
from core.sdk import Text
from core.simulator.day import Day
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, Reply, say

LATELY = timedelta(days=14)
WAIT_SECONDS, LOOK_SECONDS = 20.0, 0.5


@dataclass
class Desk:
    """Where a brand's campaigns are made: the address of its API, a key that may do no more than that, the channel."""

    label: str
    api: str
    key: str
    channel: str
    target: str


class Operators(Vendor):
    """Each day they start one campaign, and their messages are on phones before anybody reads one."""

    key = "operators"
    name = Text(zh="品牌运营", en="The brands' operators")
    hosts = ()
    account: ClassVar[Mapping[str, str]] = {}
    daytime = "morning"

    def forget(self) -> None:
        """Desks stay, as hooks do."""
        if not hasattr(self, "desks"):
            self.desks: list[Desk] = []

    def remember(self) -> JsonValue:
        """The desks."""
        return [asdict(desk) for desk in self.desks]

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.desks = TypeAdapter(list[Desk]).validate_python(kept or [])

    def answer(self, asked: Asked) -> Reply:
        """Nobody calls them."""
        return self.refuse("none")

    def refuse(self, code: str) -> Reply:
        """Nobody is there."""
        return say({"error": code}, 404)

    def a_day(self, day: Day) -> None:
        """A campaign a desk; then a moment of patience, for workers send it."""
        started = [(desk, self._start(day, desk)) for desk in self.desks]
        until = time.monotonic() + (WAIT_SECONDS if day.waits else 0)
        for desk, campaign in started:
            if campaign:
                day.note(f"{desk.label}: {self._watch(day, desk, campaign, until)}")

    def _start(self, day: Day, desk: Desk) -> str:
        """The id of a campaign that runs now; empty when the brand's platform did not take it."""
        now = clock.now()
        audience: JsonValue = {
            "type": "all",
            "of": [
                {"type": "reachable", "kind": "phone"},
                {"type": "joined", "since": (now - LATELY).isoformat()},
            ],
        }
        draft: JsonValue = {
            "name": f"每日问候 Daily greeting {self.fresh_number()}",
            "channel_id": desk.channel,
            "audience": audience,
            "target_url": desk.target,
            "cap": 100,
            "cost": "6.00",
        }
        made = day.call("POST", desk.api, draft, key=desk.key)
        if made is None:
            return ""
        campaign = str(made["id"])
        return campaign if day.call("POST", f"{desk.api}/{campaign}/start", None, key=desk.key) is not None else ""

    def _watch(self, day: Day, desk: Desk, campaign: str, until: float) -> str:
        """How the campaign stands once it is sent, or must wait for the morning, or patience is over."""
        while True:
            shown = day.call("GET", f"{desk.api}/{campaign}", None, key=desk.key) or {}
            waits = shown.get("state") == "running" and _instant(shown.get("next_open")) > clock.now()
            if shown.get("state") != "running" or waits or time.monotonic() > until:
                return "a campaign waits for the morning" if waits else f"a campaign, {shown.get('counts')}"
            time.sleep(LOOK_SECONDS)


def _instant(told: JsonValue) -> datetime:
    return datetime.fromisoformat(str(told)) if told else clock.now()
