"""Registers the channel `other`: touches and costs by import and tracked links, and any system's signed JSON."""

import hashlib

from core.sdk import Answer, Channel, Event, Refused, Request, hookimpl
from core.sdk.mapped import map_body, read_mapping
from core.sdk.signing.generic import is_signed_request
from core.sdk.vendor_json import load_json
from plugins.other.settings import BoughtPlacement, OtherSettings


class OtherChannel(Channel[OtherSettings]):
    """A source that somebody else reports on."""

    key = "other"
    settings_model = OtherSettings
    placement_detail = BoughtPlacement
    placement_keys = ("vendor_campaign",)

    def answer(self, request: Request, settings: OtherSettings) -> Answer:
        """Believe what was signed with the secret, and is JSON."""
        is_signed = is_signed_request(
            request, style=settings.hook_style, header=settings.hook_header, secret=settings.hook_secret
        )
        if request.method != "POST" or not is_signed:
            return Answer(accepted=False, status=401)
        try:
            load_json(request.body)
        except Refused:
            return Answer(accepted=False, status=400)
        return Answer(accepted=True, reply={"ok": True}, dedup_key=hashlib.sha256(request.body).hexdigest())

    def parse(self, request: Request, settings: OtherSettings) -> list[Event]:
        """Every row by the mapping; without one nothing is read."""
        document, mapping = load_json(request.body), read_mapping(settings.hook_mapping)
        if not mapping.pointers:
            raise Refused("the channel has no field mapping: write one on its page, and have the call repeated")
        return list(map_body(document, mapping, source="hook", received_at=request.received_at).events)


@hookimpl
def siyu_register_channels() -> list[OtherChannel]:
    """One channel."""
    return [OtherChannel()]
