"""Xiaohongshu (小红书): the lead push of 聚光. Its envelope is not published; answers are pairs of label and value.

Receivers in public code agree on the signature and on `{label, value}`; where the pairs stand differs. So every list of
such pairs is taken wherever it is, and the origin's fields from any object on the way to it.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from pydantic import JsonValue

from core.sdk import vendor_json as told
from core.sdk.events import Detail
from core.sdk.leads.form import LeadForm

VENDOR = "xiaohongshu"
ORIGINS = {
    "item_id": ("note_id", "noteId"),
    "campaign_id": ("campaign_id", "campaignId", "plan_id"),
    "ad_id": ("unit_id", "unitId"),
    "creative_id": ("creative_id", "creativeId"),
    "form_id": ("landing_page_id", "landingPageId", "page_id"),
    "account_id": ("account_id", "accountId", "advertiser_id"),
    "keyword": ("keyword",),
    "source_channel": ("source_channel", "sourceChannel"),
}
_IDS = ("leads_id", "leadsId", "lead_id", "leadId", "clue_id")
_TIMES = ("submitted_time", "submittedTime", "submit_time", "create_time", "timestamp")
_FLAT = ("phone", "mobile", "telephone", "wechat", "name", "nickname", "city", "remark")
DEEPEST, MOST_LEADS = 8, 200

Objects = tuple[dict[str, JsonValue], ...]


def read_push(body: bytes, *, received_at: datetime) -> list[LeadForm]:
    """The leads in one push, each once; one without an id of its own is named by the body's digest and its place.

    Raises `Refused` for what is no JSON. A push without any answer has no lead.
    """
    digest = hashlib.sha256(body).hexdigest()[:40]
    forms: dict[str, LeadForm] = {}
    for number, (path, answers) in enumerate(_forms(told.load_json(body), ())):
        if number >= MOST_LEADS:
            break
        lead_id = _nearest(path, _IDS)[:150] or f"{digest}-{number}"
        forms.setdefault(
            lead_id,
            LeadForm(
                vendor=VENDOR,
                lead_id=lead_id,
                at=told.moment(_nearest(path, _TIMES), received_at=received_at),
                answers=answers,
                origin=_origin(path),
            ),
        )
    return list(forms.values())


def _forms(value: JsonValue, path: Objects) -> Iterator[tuple[Objects, dict[str, str]]]:
    """Each list of pairs with the objects around it, the nearest first; else objects that answer by field names."""
    if len(path) > DEEPEST:
        return
    if isinstance(value, list):
        if pairs := _pairs(value):
            yield path, pairs
            return
        for one in value:
            yield from _forms(one, path)
    elif isinstance(value, dict):
        around = (value, *path)
        found = False
        for one in value.values():
            for form in _forms(one, around) if isinstance(one, (dict, list)) else ():
                found = True
                yield form
        flat = {name: said for name in _FLAT if (said := told.text(value, name, limit=2000))}
        if not found and (flat.get("phone") or flat.get("mobile") or flat.get("telephone") or flat.get("wechat")):
            yield around, flat


def _pairs(rows: list[JsonValue]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in told.items(rows)[:60]:
        label, said = told.text(row, "label", "name", limit=200), _answer(row.get("value"))
        if label and said and "value" in row:
            found.setdefault(label, said)
    return found


def _answer(value: JsonValue) -> str:
    """One answer, or several of a choice, as one text."""
    many = value if isinstance(value, list) else [value]
    return "、".join(part for one in many[:20] if (part := told.plain_text(one, limit=500)))


def _nearest(path: Objects, names: tuple[str, ...]) -> str:
    return next((found for place in path if (found := told.text(place, *names))), "")


def _origin(path: Objects) -> Detail:
    found: Detail = {name: value for name, fields in ORIGINS.items() if (value := _nearest(path, fields))}
    return found
