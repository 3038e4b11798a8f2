"""Oceanengine (巨量引擎): leads as its APIs list them, as the old Feiyu pull does, and as Feiyu pushes them.

Fields as in the vendor's own Go SDK (`tools/clue/get`, `tools/clue/life/get`). Feiyu's push has no published format and
lets the operator rename each field: its names are those of the legacy pull unless a mapping says otherwise.
"""

from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue, ValidationError

from core.sdk import vendor_json as told
from core.sdk.events import Detail
from core.sdk.failures import BadSettings, Refused, Throttled, Unreachable
from core.sdk.leads.form import LeadForm

VENDOR = "oceanengine"
CONTENTS = {
    "SHORT_VIDEO": "short_video",
    "VIDEO": "short_video",
    "LIVE_VIDEO": "live",
    "LIVE": "live",
    "HOME_PAGE": "home_page",
    "IM_MESSAGE": "message",
}
"""`action_type` -> where the person was; an unknown one is kept in lower case."""

NAMES = {
    "telephone": ("telephone", "telphone", "address.phone", "phone"),
    "name": ("name",),
    "weixin": ("weixin", "address.wechat"),
    "qq": ("qq",),
    "email": ("email",),
    "gender": ("gender",),
    "age": ("age",),
    "province": ("province_name",),
    "city": ("city_name", "auto_city_name", "city"),
    "address": ("address", "detail_address"),
    "remark": ("form_remark", "remark"),
}
"""Answer -> the fields that may hold it; `telphone` is how the legacy interface spells it."""

ORIGINS = {
    "item_id": ("content_id", "video_id", "item_id"),
    "author_id": ("author_aweme_id", "anchor_aweme_id"),
    "author_name": ("author_nickname",),
    "ad_id": ("promotion_id", "ad_id"),
    "campaign_id": ("project_id", "campaign_id"),
    "form_id": ("tool_id", "site_id", "module_id"),
    "account_id": ("local_account_id", "advertiser_id", "adv_id"),
    "flow_entrance": ("flow_entrance",),
    "req_id": ("req_id",),
}
_TOO_FAST, _TOKEN = {"40100", "40110", "61000"}, {"40102", "40103", "40104", "40105", "40107"}


class CluePage(NamedTuple):
    """One page of a list: its leads, and whether another page follows."""

    forms: list[LeadForm]
    has_more: bool


def read_page(answer: JsonValue, *, received_at: datetime) -> CluePage:
    """One page of `tools/clue/get`, `tools/clue/life/get` or the legacy pull.

    Raises the failure that the vendor's code means: a bad token is `BadSettings`, too fast `Throttled`, else `Refused`.
    """
    body = told.inner(answer)
    _refuse_code(told.text(body, "code", "status"), told.text(body, "message", "msg"))
    place = told.inner(body, "data") or body
    rows = told.items(place.get("list")) or told.items(body.get("data"))
    pages = told.inner(place, "page_info")
    number, total = told.text(pages, "page"), told.text(pages, "total_page")
    more = number.isdigit() and total.isdigit() and int(number) < int(total)
    forms = [form for row in rows if (form := read_clue(row, received_at=received_at))]
    return CluePage(forms, more and bool(rows))


def read_clue(row: dict[str, JsonValue], *, received_at: datetime) -> LeadForm | None:
    """One lead of a list or a push; None for one without an id."""
    lead_id = told.text(row, "clue_id", "id", limit=150)
    if not lead_id:
        return None
    answers = {name: said for name, fields in NAMES.items() if (said := told.text(row, *fields, limit=2000))}
    answers |= _own_questions(row.get("remark_dict"), taken=set(answers))
    origin: Detail = {name: value for name, fields in ORIGINS.items() if (value := told.text(row, *fields))}
    at = told.moment(row.get("create_time_detail") or row.get("create_time"), received_at=received_at)
    try:
        return LeadForm(
            vendor=VENDOR, lead_id=lead_id, at=at, answers=answers, origin=origin | _nature(row), code=_code_of(row)
        )
    except ValidationError:
        return None


def read_push(body: bytes, *, received_at: datetime) -> list[LeadForm]:
    """Feiyu's push of one lead or several: flat, or under `data`. Raises `Refused` for what is no JSON."""
    loaded = told.load_json(body)
    place = told.inner(loaded)
    wrapped = place.get("data")
    if isinstance(wrapped, str):  # the subscription push sends its data as a text
        wrapped = told.load_json(wrapped.encode("utf-8", "replace"))
    rows = told.items(loaded) or told.items(wrapped) or [told.inner(wrapped) or place]
    return [form for row in rows if (form := read_clue(row, received_at=received_at))]


def challenge_of(body: bytes) -> JsonValue:
    """What a `verify_webhook` of the subscription push wants to hear back; None for any other body."""
    place = told.inner(told.load_json(body))
    if told.text(place, "event", "service_label") != "verify_webhook":
        return None
    content = place.get("content") or place.get("data")
    if isinstance(content, str):
        content = told.load_json(content.encode("utf-8", "replace"))
    challenge = told.inner(content).get("challenge")
    return {"challenge": challenge} if isinstance(challenge, (int, str)) else None


def _nature(row: dict[str, JsonValue]) -> Detail:
    """Where the person was, and whether the way there was bought."""
    action, flow = told.text(row, "action_type"), told.text(row, "flow_type")
    found: Detail = {}
    if action:
        found["content"] = CONTENTS.get(action, action.lower())
    elif told.text(row, "clue_source") == "5":
        found["content"] = "message"
    if flow in ("NATURE", "AD"):
        found["is_paid"] = flow == "AD"
    return found


def _own_questions(remarks: JsonValue, *, taken: set[str]) -> dict[str, str]:
    """The form's own questions: an object, or one written as a text."""
    if isinstance(remarks, str):
        try:
            remarks = told.load_json(remarks.encode("utf-8", "replace"))
        except Refused:
            return {}
    pairs = [(told.plain_text(label, limit=200), value) for label, value in told.inner(remarks).items()]
    return {label: told.plain_text(said, limit=2000) for label, said in pairs[:30] if label and label not in taken}


def _code_of(row: dict[str, JsonValue]) -> str | None:
    """Our own link's code, where the lead's page was opened by one."""
    _, found, rest = told.text(row, "external_url", limit=2000).partition("siyu_code=")
    code = rest.partition("&")[0].partition("#")[0]
    return code if found and code.isascii() and code.isalnum() and len(code) <= 32 else None


def _refuse_code(code: str, message: str) -> None:
    if code in ("", "0", "success"):
        return
    said = f"Oceanengine answered {code[:20]}: {message[:200]}"
    if code in _TOKEN:
        raise BadSettings(f"{said}. Renew the access token.", code=code[:20])
    if code in _TOO_FAST:
        raise Throttled(said, code=code[:20], retry_after=60)
    if code.startswith("5"):
        raise Unreachable(said, code=code[:20])
    raise Refused(said, code=code[:20])
