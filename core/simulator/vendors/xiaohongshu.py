"""Xiaohongshu (小红书) 聚光: leads pushed to the operator's address, signed with the operator's token."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pydantic import JsonValue, TypeAdapter

from core import clock
from core.sdk import Text
from core.simulator.vendor import Vendor
from core.simulator.wire import Ack, Asked, News, Posting, Reply, dump, say

if TYPE_CHECKING:
    from core.simulator.day import Day

TOKEN = "siyu-simulator-red"
CHINA = timezone(timedelta(hours=8))


class Xiaohongshu(Vendor):
    """Only pushes: three times, half a minute apart, until it hears 200."""

    key = "xiaohongshu"
    name = Text(zh="小红书聚光", en="Xiaohongshu")
    hosts = ()
    account = {"red_token": TOKEN}
    console = {"note_id": "65aa00000000000000000001", "link": ""}
    retries = (30, 30, 30)
    topics = {"lead": Text(zh="一条线索", en="A lead")}
    asks_for = {"lead": ("phone", "name")}

    def forget(self) -> None:
        """No leads; what brands have put out stays, as hooks do."""
        self.count = 0
        if not hasattr(self, "notes"):
            self.notes: dict[str, dict[str, str]] = {}

    def remember(self) -> JsonValue:
        """The notes of each brand."""
        return {label: dict(note) for label, note in self.notes.items()}

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.notes = TypeAdapter(dict[str, dict[str, str]]).validate_python(kept or {})

    def answer(self, asked: Asked) -> Reply:
        """Nobody is called here."""
        return self.refuse("404")

    def refuse(self, code: str) -> Reply:
        """Never asked."""
        return say({"code": code}, 404)

    def is_taken(self, ack: Ack) -> bool:
        """200 and nothing else."""
        return ack.status == 200

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A lead."""
        if what != "lead":
            return super().tell(what, fields)
        return self._lead(fields["phone"], fields.get("name", ""), "", self.settings["note_id"])

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """`sha1=` and HMAC-SHA1 over the body."""
        signature = hmac.new(TOKEN.encode(), news.content, hashlib.sha1).hexdigest()
        return Posting(url, news.content, {"content-type": "application/json", "x-red-signature": f"sha1={signature}"})

    def a_day(self, day: "Day") -> None:
        """Readers of each brand's note follow its link, and some leave their number."""
        for label, note in (self.notes or {"": self.settings}).items():
            for turn in range(day.rng.randint(2, 4)):
                person = day.person(label)
                if note["link"]:
                    day.visit(note["link"], person)
                if turn != 1:
                    self.later(self._lead(person.phone.removeprefix("+86"), person.name, label, note["note_id"]))

    def _lead(self, phone: str, name: str, label: str, note_id: str) -> News:
        self.count += 1
        now = clock.now()
        pairs: JsonValue = [{"label": "手机号", "value": phone}, {"label": "姓名", "value": name}]
        lead: JsonValue = {
            "leads_id": f"sim-{int(now.timestamp())}-{self.count}",
            "submitted_time": now.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
            "note_id": note_id,
            "campaign_id": 8100001,
            "data": pairs,
        }
        return News(
            "lead", dump({"timestamp": int(now.timestamp() * 1000), "source": "leads", "data": lead}), after=20.0
        )
