"""A redeemed card as facts: the touch, and the consent if the box was ticked."""

import hashlib

from core.sdk import ConsentGiven, Event, IdentityClaim, Refused, Request, Touch
from plugins.package_card.settings import CardSettings
from plugins.package_card.texts import consent_wording

TICKED = {"1", "on", "true", "yes"}


def read_redemption(request: Request, settings: CardSettings) -> list[Event]:
    """Facts of one posted form. Their ids come from the card, which is redeemed once, and never show its serial."""
    if not request.code:
        raise Refused("a redemption needs the card's code", code="code")
    card = hashlib.sha256(request.code.encode()).hexdigest()[:32]
    phone = full_phone(request.form.get("phone", ""))
    who = (IdentityClaim(kind="phone", value=phone),) if phone else ()
    at = request.received_at
    events: list[Event] = [
        Touch(
            event_id=f"redeem-{card}",
            at=at,
            who=who,
            kind="redeem",
            code=request.code,
            placement_id=request.placement_id,
        )
    ]
    if settings.asks_consent and who and request.form.get("consent", "").lower() in TICKED:
        wording = consent_wording(settings).zh
        events.append(ConsentGiven(event_id=f"consent-{card}", at=at, who=who, medium="sms", wording=wording))
    return events


def full_phone(typed: str) -> str:
    """A phone number as typed, with the country code where it is plainly a Chinese mobile; "" when it is none."""
    digits = "".join(char for char in typed if char.isascii() and char.isdigit())
    if len(digits) == 11 and digits.startswith("1"):
        return f"+86{digits}"
    return f"+{digits}" if typed.strip().startswith("+") and 8 <= len(digits) <= 15 else ""
