"""Xiaohongshu's push of leads (聚光), signed with the token that was entered there."""

import hashlib
import hmac
from datetime import datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.simulator.lead_forms import LeadForms
from core.simulator.texts import national
from core.simulator.wire import News, Posting


class Xiaohongshu(LeadForms):
    """Answers are pairs of label and value; the note that brought the person stands beside them."""

    key = "xiaohongshu"
    name = Text(zh="小红书聚光线索", en="Xiaohongshu leads")
    account = {"red_token": "siyu-simulator-red"}
    console = {"note_id": ""}
    retries = (30, 30, 30)

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """As 聚光 pushes it."""
        pairs: JsonValue = [{"label": "手机号", "value": national(phone)}, {"label": "姓名", "value": name}]
        return {
            "leads_id": lead_id,
            "note_id": self._note_of(label),
            "submitted_time": int(clock.now().timestamp()),
            "data": pairs,
        }

    def _note_of(self, label: str) -> str:
        """The setting is one note, or `brand=note` for each of several brands."""
        notes = dict(pair.split("=", 1) for pair in self.settings["note_id"].split(",") if "=" in pair)
        return notes.get(label, "" if notes else self.settings["note_id"])

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """X-Red-Signature: HMAC-SHA1 over the body."""
        signature = hmac.new(self.account["red_token"].encode(), news.content, hashlib.sha1).hexdigest()
        headers = {"content-type": "application/json", "x-red-signature": f"sha1={signature}"}
        return Posting(url, news.content, headers)
