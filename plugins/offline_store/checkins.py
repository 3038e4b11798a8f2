"""A form that somebody filled in at a place: a visit a day, the receipt that is theirs, and what they agreed to."""

import hashlib

from core.sdk import ConsentGiven, Event, IdentitySeen, Refused, Request, Touch
from core.sdk.moments import CHINA
from plugins.offline_store.people import people_of, read_phone, receipt_of
from plugins.offline_store.settings import StoreSettings
from plugins.offline_store.texts import consent_wording

TICKED = {"1", "on", "true", "yes"}


def read_form(request: Request, settings: StoreSettings) -> list[Event]:
    """The facts of one form. Ids come from place, phone and day: sent twice, it is one visit."""
    phone = read_phone(request.form.get("phone", ""))
    if phone is None:
        raise Refused("a check-in needs a phone number", code="phone")
    at, who = request.received_at, (phone,)
    day = at.astimezone(CHINA).date().isoformat()
    person = _digest(phone.value)
    events: list[Event] = [
        Touch(
            event_id=f"checkin-{_digest(request.placement_id or '', phone.value, day)}",
            at=at,
            who=who,
            kind="visit",
            placement_id=request.placement_id,
            code=request.code,
        )
    ]
    receipt = receipt_of(request.form.get("receipt", ""))
    if receipt is not None:
        mine = people_of(phone, receipt)
        events.append(IdentitySeen(event_id=f"receipt-{_digest(phone.value, receipt.value)}", at=at, who=mine))
    if settings.asks_consent and request.form.get("consent", "").lower() in TICKED:
        wording = consent_wording(settings).zh
        events.append(ConsentGiven(event_id=f"consent-{person}-{day}", at=at, who=who, medium="sms", wording=wording))
    return events


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
