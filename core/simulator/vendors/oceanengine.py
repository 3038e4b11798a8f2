"""Oceanengine (巨量引擎): lists of leads by access token, and Feiyu's push, which is not signed."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Reply, dump, say

if TYPE_CHECKING:
    from core.simulator.day import Day

TOKEN, ACCOUNT = f"ocean-{MARK}-token", "1705105105105"
CHINA = timezone(timedelta(hours=8))
LISTS = ("/open_api/2/tools/clue/life/get/", "/open_api/2/tools/clue/get/")
LAYOUT = "%Y-%m-%d %H:%M:%S"


class Oceanengine(Vendor):
    """Answers as api.oceanengine.com does; its hook is the address entered at Feiyu, with our token in the query."""

    key = "oceanengine"
    name = Text(zh="巨量引擎与飞鱼", en="Oceanengine and Feiyu")
    hosts = ("api.oceanengine.com",)
    account = {"ocean_token": TOKEN, "ocean_local_accounts": ACCOUNT, "ocean_advertisers": ACCOUNT}
    console = {"content_id": "7390000000000000001", "author_aweme_id": "siyu_demo", "link": "", "pushes": "no"}
    troubles = {"forged": "40105", "garbage": "40002", "busy": "40100", "empty": "40003"}
    retries = (60, 600, 3600)
    topics = {"lead": Text(zh="一条线索", en="A lead")}
    asks_for = {"lead": ("phone", "name", "action_type", "flow_type")}

    def forget(self) -> None:
        """No leads."""
        self.leads: list[dict[str, JsonValue]] = []

    def why_forged(self, asked: Asked) -> str:
        """The token alone; nothing is signed."""
        return "" if asked.headers["access-token"] == TOKEN else "another access token"

    def is_query(self, asked: Asked) -> bool:
        """Lists only ask, although local leads are asked for by POST."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """A page of leads whose time lies in the span, newest first."""
        if asked.path not in LISTS:
            return self.refuse("40001")
        given: Mapping[str, object] = asked.fields if asked.method == "POST" else asked.query
        start, end = _instant(given["start_time"]), _instant(given["end_time"])
        page, size = int(str(given["page"])), int(str(given["page_size"]))
        if not 0 < size <= 100 or end < start or end - start > timedelta(days=31):
            return self.refuse("40002")
        known = [one for one in self.leads if start <= _instant(one["create_time_detail"]) <= end]
        known.sort(key=lambda one: str(one["clue_id"]), reverse=True)
        info: JsonValue = {
            "page": page,
            "page_size": size,
            "total_number": len(known),
            "total_page": -(-len(known) // size),
        }
        rows: list[JsonValue] = list(known[(page - 1) * size : page * size])
        data: JsonValue = {"list": rows, "page_info": info}
        return say({"code": 0, "message": "OK", "request_id": "simulated", "data": data})

    def refuse(self, code: str) -> Reply:
        """Errors come with status 200."""
        return say({"code": int(code), "message": "simulated", "request_id": "simulated"})

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A lead, as Feiyu pushes it; it is in the lists, too."""
        if what != "lead":
            return super().tell(what, fields)
        action, flow = fields.get("action_type") or "SHORT_VIDEO", fields.get("flow_type") or "NATURE"
        return _push(self._add(fields["phone"], fields.get("name", ""), action, flow))

    def a_day(self, day: "Day") -> None:
        """Some see the video and leave their number; half of them were shown it as an ad."""
        for number in range(day.rng.randint(3, 6)):
            person = day.person()
            if self.settings["link"]:
                day.visit(self.settings["link"], person)
            flow = "AD" if number % 2 else "NATURE"
            lead = self._add(person.phone.removeprefix("+86"), person.name, "SHORT_VIDEO", flow)
            if self.settings["pushes"] == "yes":
                self.later(_push(lead))

    def _add(self, phone: str, name: str, action: str, flow: str) -> dict[str, JsonValue]:
        at = clock.now().astimezone(CHINA).strftime(LAYOUT)
        lead: dict[str, JsonValue] = {
            "clue_id": str(7400000000000000000 + int(clock.now().timestamp()) * 1000 + len(self.leads)),
            "local_account_id": ACCOUNT,
            "create_time_detail": at,
            "name": name,
            "telephone": phone,
            "action_type": action,
            "flow_type": flow,
            "content_id": self.settings["content_id"],
            "author_aweme_id": self.settings["author_aweme_id"],
        }
        self.leads.append(lead)
        return lead


def _push(lead: Mapping[str, JsonValue]) -> News:
    at = _instant(lead["create_time_detail"])
    flat: JsonValue = {
        "id": lead["clue_id"],
        "telphone": lead["telephone"],
        "name": lead["name"],
        "create_time": str(int(at.timestamp())),
        "content_id": lead["content_id"],
        "action_type": lead["action_type"],
        "flow_type": lead["flow_type"],
    }
    return News("lead", dump(flat), after=30.0)


def _instant(local: object) -> datetime:
    return datetime.strptime(f"{local} +0800", f"{LAYOUT} %z")
