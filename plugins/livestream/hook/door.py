"""The operator's own system, or a vendor without a published format: signed JSON, read by the operator's mapping."""

import hashlib

from core.sdk import Answer, Event, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.generic import is_signed_request
from plugins.livestream.hook.fields import read_items
from plugins.livestream.hook.items import item_events
from plugins.livestream.settings import LiveSettings


class AnyHook:
    """One webhook."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Believe what was signed with the secret; without one nothing is."""
        if not self._is_signed(request):
            return Answer(accepted=False, status=401)
        try:
            items = read_items(told.load_json(request.body), self._settings.hook_items)
        except Refused:
            items = []
        if not items:
            return Answer(accepted=False, status=400)
        return Answer(accepted=True, reply={"ok": True}, dedup_key=hashlib.sha256(request.body).hexdigest())

    def parse(self, request: Request) -> list[Event]:
        """The events of every item that makes sense."""
        settings = self._settings
        return [
            event
            for item in read_items(told.load_json(request.body), settings.hook_items)
            for event in item_events(
                item, source="hook", pairs=settings.hook_fields, received_at=request.received_at, settings=settings
            )
        ]

    def _is_signed(self, request: Request) -> bool:
        settings = self._settings
        return is_signed_request(
            request, style=settings.hook_style, header=settings.hook_header, secret=settings.hook_secret
        )
