"""Google Ads lead forms: one lead a push, vouched for by the key in its body."""

from datetime import datetime

from core.sdk import vendor_json as told
from core.sdk.events import Detail
from core.sdk.failures import Refused
from core.sdk.leads.form import ARRIVAL, LeadForm
from core.sdk.signing.comparing import is_same

VENDOR = "google"
ORIGINS = {
    "campaign_id": ("campaign_id",),
    "ad_id": ("adgroup_id",),
    "creative_id": ("creative_id",),
    "form_id": ("form_id",),
    "gclid": ("gcl_id",),
}


def is_from_google(body: bytes, *, google_key: str) -> bool:
    """Whether the body names the key that the operator typed in at Google. An empty key vouches for nothing."""
    try:
        place = told.inner(told.load_json(body))
    except Refused:
        return False
    return is_same(told.text(place, "google_key"), google_key)


def read_push(body: bytes, *, received_at: datetime) -> LeadForm | None:
    """The lead; None for a test of Google's button, or a body without an id. Raises `Refused` for what is no JSON."""
    place = told.inner(told.load_json(body))
    lead_id = told.text(place, "lead_id", limit=150)
    if not lead_id or place.get("is_test") in (True, "true", 1):
        return None
    answers: dict[str, str] = {}
    for column in told.items(place.get("user_column_data"))[:60]:
        said = told.text(column, "string_value", limit=2000)
        label = _label(told.text(column, "column_id", limit=200), told.text(column, "column_name", limit=200))
        if said and label:
            answers.setdefault(label, said)
    origin: Detail = {name: value for name, fields in ORIGINS.items() if (value := told.text(place, *fields))}
    at = told.moment(place.get("lead_submit_time"), received_at=received_at)
    if at == received_at:  # Google's push names no time as a rule
        origin["time_is"] = ARRIVAL
    return LeadForm(vendor=VENDOR, lead_id=lead_id, at=at, answers=answers, origin=origin | {"is_paid": True})


def _label(column_id: str, column_name: str) -> str:
    """Google's own id says more than its translated name, except for the operator's own questions."""
    return (column_name or column_id) if column_id.startswith("QUESTION") else (column_id or column_name)
