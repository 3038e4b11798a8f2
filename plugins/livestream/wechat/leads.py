"""Leads of WeChat Channels' live rooms: forms by component, page after page behind an opaque buffer."""

import hashlib
import json
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue, ValidationError

from core.sdk import vendor_json as told
from core.sdk.leads import LeadForm
from core.sdk.leads.form import ARRIVAL, SESSION
from plugins.livestream.wechat.api import WechatApi

VENDOR = "wechat_channels"


class LeadPage(NamedTuple):
    """One page and where the next one begins."""

    forms: list[LeadForm]
    buffer: str
    has_more: bool


def fetch_leads(api: WechatApi, component: str, *, start: datetime, end: datetime, buffer: str) -> LeadPage:
    """A page of the forms that came in by one component."""
    asked: dict[str, JsonValue] = {
        "leads_component_id": component,
        "start_time": int(start.timestamp()),
        "end_time": int(end.timestamp()),
        "last_buffer": buffer,
        "version": 1,
    }
    answer = api.ask("/channels/leads/get_leads_info_by_component_id", asked)
    rows = told.items(answer.get("user_data"))
    forms = [form for row in rows if (form := read_lead(row, component=component, received_at=end))]
    more = answer.get("continue_flag") in (True, 1, "true")
    return LeadPage(forms, told.text(answer, "last_buffer", limit=4000), more)


def read_lead(row: dict[str, JsonValue], *, component: str, received_at: datetime) -> LeadForm | None:
    """One form. It has no id and no time of its own: the answers name it, the session's begin is its time."""
    pairs = told.items(row.get("leads_data"))
    answers = {
        title: said
        for pair in pairs[:60]
        if (title := told.text(pair, "title", limit=200)) and (said := told.text(pair, "value", limit=2000))
    }
    if not answers:
        return None
    host, began = told.text(row, "anchor_nickname", limit=200), told.text(row, "live_start_time")
    named = json.dumps([component, host, began, answers], ensure_ascii=False, sort_keys=True)
    origin = {"content": "live", "host": host, "form_id": component[:200], "is_paid": _is_paid(row)}
    origin["time_is"] = SESSION if began else ARRIVAL
    try:
        return LeadForm(
            vendor=VENDOR,
            lead_id=hashlib.sha256(named.encode()).hexdigest()[:40],
            at=told.moment(began, received_at=received_at),
            answers=answers,
            origin={name: value for name, value in origin.items() if value not in ("", None)},
        )
    except ValidationError:
        return None


def _is_paid(row: dict[str, JsonValue]) -> bool | None:
    """`traffic_type`: 0 came by itself, 1 by an advertisement."""
    return {"0": False, "1": True}.get(told.text(row, "traffic_type"))
