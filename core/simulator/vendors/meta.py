"""Meta's lead ads: a signed webhook names a lead, the Graph API tells it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.lead_forms import LeadForms
from core.simulator.wire import Asked, News, Posting, Reply, say

SECRET, TOKEN, VERIFY = "siyu-simulator-meta", f"EAA{MARK}", "siyu-simulator-verify"
FORM, OWNER = f"21{MARK}", f"11{MARK}"
"""The ids of the form and of the page that shows it."""

NO_SUCH_THING = "100"
KEPT = 500
"""So many leads outlive a restart."""


class Meta(LeadForms):
    """Answers as graph.facebook.com does."""

    key = "meta"
    name = Text(zh="Meta 线索广告", en="Meta lead ads")
    hosts = ("graph.facebook.com",)
    account = {
        "meta_app_secret": SECRET,
        "meta_verify_token": VERIFY,
        "meta_page_token": TOKEN,
        "meta_form_ids": FORM,
    }
    console = {"ad_id": "31"}
    troubles = {"forged": "190", "garbage": NO_SUCH_THING, "busy": "4", "empty": "10"}
    topics = LeadForms.topics | {"verify": Text(zh="验证回调地址", en="The test of an address")}

    def forget(self) -> None:
        """No leads."""
        self.leads: dict[str, dict[str, JsonValue]] = {}

    def remember(self) -> JsonValue:
        """The latest leads, which a webhook has only named."""
        return [*list(self.leads.values())[-KEPT:]]

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        leads = kept if isinstance(kept, list) else []
        self.leads = {str(one["id"]): one for one in leads if isinstance(one, dict)}

    def why_forged(self, asked: Asked) -> str:
        """The page's token."""
        return "" if asked.headers["authorization"] == f"Bearer {TOKEN}" else "another token"

    def is_query(self, asked: Asked) -> bool:
        """It is only ever asked, so bad moods are for questions."""
        return False

    def answer(self, asked: Asked) -> Reply:
        """One lead, or a page of those of the form."""
        _, *place = asked.path.strip("/").split("/")
        match place:
            case [form_id, "leads"] if form_id == FORM:
                return self._list(asked.query)
            case [lead_id] if lead_id in self.leads:
                return say(self.leads[lead_id])
            case _:
                return self.refuse(NO_SUCH_THING)

    def refuse(self, code: str) -> Reply:
        """An error object with status 400."""
        error: JsonValue = {"message": "simulated", "type": "OAuthException", "code": int(code), "fbtrace_id": "x"}
        return say({"error": error}, 400)

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A lead comes in, or the address is tried."""
        return News("verify", b"", after=0.5) if what == "verify" else super().tell(what, fields)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """HMAC-SHA256 over the body; the try of an address is a GET."""
        if news.what == "verify":
            query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": MARK}
            return Posting(f"{url}?{urlencode(query)}", b"", {}, method="GET")
        signature = hmac.new(SECRET.encode(), news.content, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={signature}"}
        return Posting(url, news.content, headers)

    def forge(self, posting: Posting) -> Posting:
        """Who tries an address is known by the verify token alone."""
        if posting.method == "GET":
            return replace(posting, url=posting.url.replace(VERIFY, "guess"))
        return super().forge(posting)

    def new_id(self) -> str:
        """Meta's ids are digits."""
        return f"91{self.fresh_number()}"

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """The webhook, which has no answers; the lead waits to be asked for."""
        now = clock.now()
        origin: dict[str, JsonValue] = {"form_id": FORM, "ad_id": self.settings["ad_id"]}
        fields: JsonValue = [{"name": "phone_number", "values": [phone]}, {"name": "full_name", "values": [name]}]
        created = now.strftime("%Y-%m-%dT%H:%M:%S+0000")
        told: dict[str, JsonValue] = {"id": lead_id, "created_time": created, "is_organic": False, "field_data": fields}
        self.leads[lead_id] = origin | told
        second = int(now.timestamp())
        value = origin | {"leadgen_id": lead_id, "page_id": OWNER, "created_time": second}
        change: JsonValue = {"field": "leadgen", "value": value}
        return {"object": "page", "entry": [{"id": OWNER, "time": second, "changes": [change]}]}

    def _list(self, query: Mapping[str, str]) -> Reply:
        """Leads that came after the time of the filter; the cursor is a place in the list."""
        since = max((int(one["value"]) for one in json.loads(query.get("filtering", "[]"))), default=0)
        start, limit = int(query.get("after", "0")), int(query.get("limit", "25"))
        found = [one for one in self.leads.values() if _second(one) > since]
        rows: list[JsonValue] = list(found[start : start + limit])
        paging: dict[str, JsonValue] = {"cursors": {"before": str(start), "after": str(start + len(rows))}}
        if start + limit < len(found):
            paging["next"] = f"https://graph.facebook.com/v23.0/{FORM}/leads?after={start + limit}"
        return say({"data": rows, "paging": paging})


def _second(lead: Mapping[str, JsonValue]) -> float:
    return datetime.fromisoformat(str(lead["created_time"])).timestamp()
