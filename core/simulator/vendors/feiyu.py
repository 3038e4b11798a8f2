"""Feiyu (飞鱼), Oceanengine's desk of leads: pushed to an address that carries the receiver's token, and unsigned."""

from dataclasses import replace
from datetime import datetime

from pydantic import JsonValue

from core.sdk import Text
from core.simulator.day import Day
from core.simulator.lead_forms import LeadForms
from core.simulator.texts import china_time, national
from core.simulator.wire import News, Posting


class Feiyu(LeadForms):
    """Its push is not published; the fields are those of its pull, with `telphone` spelt as there."""

    key = "feiyu"
    name = Text(zh="飞鱼线索推送", en="Feiyu's push of leads")
    account = {"feiyu_token": "siyu-simulator-feiyu"}
    console = {"video_id": ""}

    def body(self, lead_id: str, phone: str, name: str, label: str = "") -> JsonValue:
        """One flat lead."""
        return {
            "id": lead_id,
            "name": name,
            "telphone": national(phone),
            "create_time": china_time(),
            "action_type": "SHORT_VIDEO",
            "video_id": self.settings["video_id"],
        }

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """To the address with the token, as the operator entered it there."""
        packed = super().pack(news, url, at)
        return replace(packed, url=f"{url}?token={self.account['feiyu_token']}")

    def forge(self, posting: Posting) -> Posting:
        """Somebody who knows the address and not the token: nothing else tells a stranger from Feiyu."""
        return replace(posting, url=f"{posting.url}x")

    def a_day(self, day: Day) -> None:
        """Leads for the brands that entered their address; a day without any stays as it is without Feiyu."""
        if self.hooks:
            super().a_day(day)
