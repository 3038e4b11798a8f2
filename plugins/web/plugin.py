"""Registers the channel `web`: one stored request of the Segment protocol becomes events."""

import json

from core.sdk import Channel, Event, Refused, Request, hookimpl
from plugins.web.events import read_call
from plugins.web.settings import WebSettings


class WebChannel(Channel[WebSettings]):
    """A site or an app. The host checks the write key and the size, and stores the call before this is asked."""

    key = "web"
    settings_model = WebSettings

    def parse(self, request: Request, settings: WebSettings) -> list[Event]:
        """The body is one call, or `{"batch": [...]}`; a bad call in a batch is left out, the others count."""
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            raise Refused("the body is not JSON", code="json") from None
        if not isinstance(body, dict):
            raise Refused("the body must be an object", code="json")
        batch = body.get("batch")
        if not isinstance(batch, list):
            return read_call(body, request_id=request.id, received_at=request.received_at, settings=settings)
        events: list[Event] = []
        for index, call in enumerate(batch):
            if isinstance(call, dict):
                call.setdefault("sentAt", body.get("sentAt"))
                events += self._read_or_leave_out(call, f"{request.id}.{index}", request, settings)
        return events

    def _read_or_leave_out(
        self, call: dict[str, object], request_id: str, request: Request, settings: WebSettings
    ) -> list[Event]:
        try:
            return read_call(call, request_id=request_id, received_at=request.received_at, settings=settings)  # type: ignore[arg-type]  # parsed JSON
        except Refused:
            return []


@hookimpl
def siyu_register_channels() -> list[WebChannel]:
    """One channel."""
    return [WebChannel()]
