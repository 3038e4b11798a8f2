"""Meta (Facebook, Instagram) lead ads: the webhook only names a lead; the lead itself is asked for."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from core.sdk import vendor_json as told
from core.sdk.events import Detail
from core.sdk.failures import BadSettings, Refused, Throttled, Unreachable
from core.sdk.leads.form import LeadForm
from core.sdk.signing.comparing import is_same

VENDOR = "meta"
ORIGINS = {
    "ad_id": ("ad_id",),
    "campaign_id": ("campaign_id",),
    "adgroup_id": ("adgroup_id", "adset_id"),
    "form_id": ("form_id",),
    "account_id": ("page_id",),
}
_TOKEN, _TOO_FAST = {"102", "190", "200", "10"}, {"4", "17", "32", "613", "80005"}


class Notice(NamedTuple):
    """A lead that the webhook names; its answers are behind `GET /<lead_id>`."""

    lead_id: str
    at: datetime
    origin: Detail


def echo_challenge(query: Mapping[str, str], *, verify_token: str) -> str | None:
    """What to answer the GET that Meta tries an address with; None when it is not ours to answer."""
    is_ours = query.get("hub.mode") == "subscribe" and is_same(query.get("hub.verify_token", ""), verify_token)
    return query.get("hub.challenge", "") if is_ours else None


def read_notices(body: bytes, *, received_at: datetime) -> list[Notice]:
    """The leads that a webhook names, each once; other changes of the page are left out."""
    found: dict[str, Notice] = {}
    for entry in told.items(told.inner(told.load_json(body)).get("entry")):
        for change in told.items(entry.get("changes")):
            value = told.inner(change.get("value"))
            lead_id = told.text(value, "leadgen_id", limit=150)
            if change.get("field") == "leadgen" and lead_id.isdigit():
                at = told.moment(value.get("created_time"), received_at=received_at)
                found.setdefault(lead_id, Notice(lead_id, at, _origin(value)))
    return list(found.values())


def read_lead(answer: JsonValue, *, received_at: datetime, notice: Notice | None = None) -> LeadForm | None:
    """The lead that `GET /<lead_id>` answered, or one of `GET /<form_id>/leads`; None where it is none.

    Raises what the vendor's error means.
    """
    body = told.inner(answer)
    if error := told.inner(body, "error"):
        _refuse(error)
    lead_id = told.text(body, "id", limit=150) or (notice.lead_id if notice else "")
    if not lead_id:
        return None
    answers = {
        label: said
        for field in told.items(body.get("field_data"))[:60]
        if (label := told.text(field, "name", limit=200)) and (said := _joined(field.get("values")))
    }
    at = told.moment(body.get("created_time"), received_at=notice.at if notice else received_at)
    origin = (notice.origin if notice else {}) | _origin(body)
    return LeadForm(vendor=VENDOR, lead_id=lead_id, at=at, answers=answers, origin=origin)


def _origin(place: dict[str, JsonValue]) -> Detail:
    found: Detail = {name: value for name, fields in ORIGINS.items() if (value := told.text(place, *fields))}
    if isinstance(organic := place.get("is_organic"), bool):
        found["is_paid"] = not organic
    return found


def _joined(values: JsonValue) -> str:
    many = values if isinstance(values, list) else [values]
    return ", ".join(part for one in many[:20] if (part := told.plain_text(one, limit=500)))


def _refuse(error: dict[str, JsonValue]) -> None:
    code, said = told.text(error, "code", limit=20), told.text(error, "message", limit=200)
    if code in _TOKEN:
        raise BadSettings(f"Meta refuses the access token ({code}): {said}", code=code)
    if code in _TOO_FAST:
        raise Throttled(f"Meta asks to slow down ({code})", code=code, retry_after=300)
    if code in ("1", "2"):
        raise Unreachable(f"Meta cannot answer now ({code})", code=code)
    raise Refused(f"Meta answered {code}: {said}", code=code)
