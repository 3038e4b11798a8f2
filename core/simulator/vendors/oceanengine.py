"""Oceanengine: leads of advertisers and of local businesses, listed by account, span and page."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.day import Day, Person
from core.simulator.texts import china_time, national
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Reply, say

TOKEN, ADVERTISER, LOCAL = f"oe-{MARK}", f"17{MARK}", f"18{MARK}"
LISTS = {
    ("GET", "/open_api/2/tools/clue/get/"): ("advertiser_ids", "advertiser_id"),
    ("POST", "/open_api/2/tools/clue/life/get/"): ("local_account_ids", "local_account_id"),
}
"""Method and path -> what it asks for, and where a lead says whose it is."""


KEPT = 500
"""So many leads outlive a restart."""


class Kind(NamedTuple):
    """Where a person was, and who has the lead."""

    action: str
    owner: str
    account: str


KINDS = {
    "live_lead": Kind("LIVE_VIDEO", "local_account_id", LOCAL),
    "video_lead": Kind("SHORT_VIDEO", "local_account_id", LOCAL),
    "ad_lead": Kind("", "advertiser_id", ADVERTISER),
}


class Oceanengine(Vendor):
    """Answers as api.oceanengine.com does. It calls nobody: leads are fetched."""

    key = "oceanengine"
    name = Text(zh="巨量引擎", en="Oceanengine")
    hosts = ("api.oceanengine.com",)
    account = {
        "ocean_token": TOKEN,
        "ocean_advertisers": ADVERTISER,
        "ocean_local_accounts": LOCAL,
        "ocean_accounts": LOCAL,
    }
    """The local account is named twice: a channel of short videos and one of livestreams call it differently."""
    console = {"host_id": "host-01", "host": "小林", "video_id": ""}
    troubles = {"forged": "40102", "garbage": "40002", "busy": "40100", "empty": "40300"}
    topics = {
        "live_lead": Text(zh="直播留资", en="A lead of a live room"),
        "video_lead": Text(zh="短视频留资", en="A lead of a video"),
        "ad_lead": Text(zh="广告主的留资", en="A lead of an advertiser"),
    }
    asks_for = dict.fromkeys(topics, ("phone", "name"))

    def forget(self) -> None:
        """No leads."""
        self.leads: list[dict[str, JsonValue]] = []

    def remember(self) -> JsonValue:
        """The latest leads: whoever left a number is still there to be fetched after a restart."""
        return list(self.leads[-KEPT:])

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.leads = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []

    def why_forged(self, asked: Asked) -> str:
        """The access token in its header."""
        return "" if asked.headers["access-token"] == TOKEN else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """It is only ever asked, so bad moods are for questions."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """One page of these accounts' leads. Both ends of the span are China's time; a query holds lists as JSON."""
        wanted, owner = LISTS[asked.method, asked.path]
        fields = asked.fields if asked.method == "POST" else asked.query
        told = fields[wanted]
        accounts = [str(one) for one in (json.loads(told) if isinstance(told, str) else _listed(told))]
        start, end = str(fields["start_time"]), str(fields["end_time"])
        page, size = int(str(fields["page"])), int(str(fields["page_size"]))
        found = [
            one
            for one in self.leads
            if str(one.get(owner)) in accounts and start <= str(one["create_time_detail"]) <= end
        ]
        rows: list[JsonValue] = list(found[(page - 1) * size : page * size])
        pages = -(-len(found) // size) or 1
        place: JsonValue = {"page": page, "page_size": size, "total_number": len(found), "total_page": pages}
        return say({"code": 0, "message": "OK", "data": {"list": rows, "page_info": place}})

    def refuse(self, code: str) -> Reply:
        """Status 200 with a code inside."""
        return say({"code": int(code), "message": "simulated", "request_id": "simulated"})

    def make_happen(self, what: str, fields: Mapping[str, str]) -> Iterable[News]:
        """Somebody leaves a number; it is there to be fetched, and nothing is told."""
        if what not in KINDS:
            return super().make_happen(what, fields)
        self._leave(Person(fields.get("name", ""), fields["phone"]), KINDS[what], is_paid=True)
        return ()

    def a_day(self, day: Day) -> None:
        """A handful of leads of each kind in turn, paid and not."""
        kinds = list(KINDS.values())
        for number in range(day.rng.randrange(3, 8)):
            self._leave(day.person(), kinds[number % len(kinds)], is_paid=day.rng.random() < 0.5)

    def _leave(self, person: Person, kind: Kind, *, is_paid: bool) -> None:
        lead: dict[str, JsonValue] = {
            "clue_id": str(self.fresh_number()),
            "telephone": national(person.phone),
            "name": person.name,
            "create_time_detail": china_time(),
            kind.owner: int(kind.account),
            "remark_dict": json.dumps({"想了解": "价格"}, ensure_ascii=False),
        }
        if kind.action:
            lead |= {
                "action_type": kind.action,
                "flow_type": "AD" if is_paid else "NATURE",
                "author_aweme_id": self.settings["host_id"],
                "author_nickname": self.settings["host"],
                "video_id": self.settings["video_id"] if kind.action == "SHORT_VIDEO" else "",
            }
        self.leads.append(lead)


def _listed(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise ValueError("the accounts are no list")
    return value
