"""TikTok's lead forms: pushed, signed with the app's secret."""

import hashlib
import hmac
from datetime import datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.simulator.lead_forms import LeadForms
from core.simulator.wire import News, Posting


class Tiktok(LeadForms):
    """Its payload is not published; the mapping in `account` reads this one."""

    key = "tiktok"
    name = Text(zh="TikTok 线索", en="TikTok leads")
    account = {
        "tiktok_secret": "siyu-simulator-tiktok",
        "tiktok_mapping": "event = lead\nevent_id = /id\nat = /time\nphone = /phone\nfield.name = /name",
    }

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """With the second at which the form was sent."""
        return {"id": lead_id, "time": int(clock.now().timestamp()), "phone": phone, "name": name}

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Time, and HMAC-SHA256 over time, dot and body."""
        second = str(int(at.timestamp()))
        secret = self.account["tiktok_secret"].encode()
        signature = hmac.new(secret, f"{second}.".encode() + news.content, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "tiktok-signature": f"t={second},s={signature}"}
        return Posting(url, news.content, headers)
