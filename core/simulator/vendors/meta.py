"""Meta lead ads: a signed webhook names a lead, the Graph API tells it to who has the page's token."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

if TYPE_CHECKING:
    from core.simulator.day import Day

TOKEN, SECRET, FORM = f"EAA{MARK}page", "siyu-simulator-meta", "21005"


class Meta(Vendor):
    """Answers as graph.facebook.com does."""

    key = "meta"
    name = Text(zh="Meta 线索广告", en="Meta lead ads")
    hosts = ("graph.facebook.com",)
    account = {"meta_app_secret": SECRET, "meta_page_token": TOKEN, "meta_form_ids": FORM}
    console = {"ad_id": "31000001", "link": ""}
    troubles = {"forged": "190", "garbage": "100", "busy": "4", "empty": "200"}
    retries = (60, 600, 3600, 21600)
    topics = {"lead": Text(zh="一条线索", en="A lead")}
    asks_for = {"lead": ("phone", "name", "email")}

    def forget(self) -> None:
        """No leads."""
        self.leads: dict[str, JsonValue] = {}

    def why_forged(self, asked: Asked) -> str:
        """The page's token, in the header or in the query."""
        given = asked.headers.get("authorization", "").removeprefix("Bearer ") or asked.query.get("access_token")
        return "" if given == TOKEN else "another page token"

    def is_query(self, asked: Asked) -> bool:
        """All calls only ask; bad moods are for them all the same."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """One lead by its id, or the leads of the form."""
        _, _, name, *rest = asked.path.split("/")
        if rest == ["leads"] and name == FORM:
            return say({"data": list(self.leads.values()), "paging": {"cursors": {"after": ""}}})
        return say(self.leads[name]) if name in self.leads else self.refuse("100")

    def refuse(self, code: str) -> Reply:
        """An error object, with status 400 or 401."""
        told: JsonValue = {"error": {"code": int(code), "message": "simulated", "type": "OAuthException"}}
        return say(told, 401 if code == "190" else 400)

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A lead."""
        if what != "lead":
            return super().tell(what, fields)
        return self._lead(fields["phone"], fields.get("name", ""), fields.get("email", ""))

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """`sha256=` and HMAC-SHA256 over the body."""
        signature = hmac.new(SECRET.encode(), news.content, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}
        return Posting(url, news.content, headers)

    def a_day(self, day: "Day") -> None:
        """People send the form of the ad."""
        for _ in range(day.rng.randint(1, 3)):
            person = day.person()
            if self.settings["link"]:
                day.visit(self.settings["link"], person)
            self.later(self._lead(person.phone, person.name, ""))

    def _lead(self, phone: str, name: str, email: str) -> News:
        now = clock.now()
        number = f"9{int(now.timestamp())}{len(self.leads):04d}"
        said = {"phone_number": phone, "full_name": name, "email": email}
        fields: JsonValue = [{"name": label, "values": [value]} for label, value in said.items() if value]
        self.leads[number] = {
            "id": number,
            "created_time": now.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "ad_id": self.settings["ad_id"],
            "form_id": FORM,
            "is_organic": False,
            "field_data": fields,
        }
        second = int(now.timestamp())
        value: JsonValue = {"leadgen_id": number, "page_id": "11", "form_id": FORM, "created_time": second}
        entry: JsonValue = {"id": "11", "time": second, "changes": [{"field": "leadgen", "value": value}]}
        return News("lead", dump({"object": "page", "entry": [entry]}), after=5.0)
