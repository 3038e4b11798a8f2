"""What everybody who calls the channel's webhook has in common: an answer before the acknowledgement, events later."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.sdk import Answer, Event, Refused, Request
from core.sdk.leads import ConsentRule, LeadForm, lead_events
from core.sdk.vendor_json import load_json
from plugins.short_video.settings import VideoSettings


@dataclass(frozen=True)
class Door:
    """One vendor's way in. `knows`: is it this vendor's call; `trusts`: is it genuine; `reads`: what does it say."""

    knows: Callable[[Request, VideoSettings], bool]
    trusts: Callable[[Request, VideoSettings], bool]
    reads: Callable[[Request, VideoSettings], list[Event]]
    answers: Callable[[Request, VideoSettings], Answer | None] = lambda request, settings: None

    def answer(self, request: Request, settings: VideoSettings) -> Answer:
        """Believe what is vouched for; the body's digest tells a repetition, as most vendors repeat it byte by byte."""
        if own := self.answers(request, settings):
            return own
        if request.method != "POST" or not self.trusts(request, settings):
            return Answer(accepted=False, status=401)
        try:
            load_json(request.body)
        except Refused:
            return Answer(accepted=False, status=400)
        return Answer(accepted=True, reply={"code": 0, "msg": "success"}, dedup_key=_digest(request))


def events_of(forms: Sequence[LeadForm], settings: VideoSettings) -> list[Event]:
    """The leads of these forms, with the consent that the operator knows of."""
    rule = consent_rule(settings)
    return [event for form in forms for event in lead_events(form, consent=rule)]


def consent_rule(settings: VideoSettings) -> ConsentRule:
    """When these forms are a consent, and to what."""
    return ConsentRule(wording=settings.consent_wording, field=settings.consent_field)


def _digest(request: Request) -> str:
    return hashlib.sha256(request.body).hexdigest()
