"""Kuaishou's webhook: `kwaisign` over the raw body. Its messages have no published format, so a mapping reads them."""

import hashlib

from core.sdk import Answer, Event, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.signing.bodies import is_from_kuaishou
from plugins.livestream.hook.fields import read_fields, read_items, read_pairs
from plugins.livestream.hook.items import item_events
from plugins.livestream.settings import LiveSettings

SOURCE = "kuaishou"


class KuaishouHook:
    """One webhook. The test that is sent when the address is saved is answered like any other and says nothing."""

    def __init__(self, settings: LiveSettings) -> None:
        self._settings = settings

    def answer(self, request: Request) -> Answer:
        """Believe what carries the secret's mark; a repetition is known by `taskId`."""
        secret = self._settings.kuaishou_secret.get_secret_value()
        if not is_from_kuaishou(request.body, request.headers.get("kwaisign", ""), app_secret=secret):
            return Answer(accepted=False, status=401)
        try:
            item = told.inner(told.load_json(request.body))
        except Refused:
            return Answer(accepted=False, status=400)
        task = read_fields(item, read_pairs(self._settings.kuaishou_fields))["id"]
        name = task or hashlib.sha256(request.body).hexdigest()
        return Answer(accepted=True, reply={"result": 1}, dedup_key=f"{SOURCE}-{name}"[:200])

    def parse(self, request: Request) -> list[Event]:
        """The events of its items."""
        settings = self._settings
        return [
            event
            for item in read_items(told.load_json(request.body), "")
            for event in item_events(
                item, source=SOURCE, pairs=settings.kuaishou_fields, received_at=request.received_at, settings=settings
            )
        ]
