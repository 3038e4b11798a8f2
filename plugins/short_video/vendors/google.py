"""Google lead forms: vouched for by the key in the body."""

from core.sdk import Event, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.leads.google import is_from_google, read_push
from plugins.short_video.door import Door, events_of
from plugins.short_video.settings import VideoSettings


def _knows(request: Request, settings: VideoSettings) -> bool:
    try:
        return "google_key" in told.inner(told.load_json(request.body))
    except Refused:
        return False


def _read(request: Request, settings: VideoSettings) -> list[Event]:
    form = read_push(request.body, received_at=request.received_at)
    return events_of([form], settings) if form else []


GOOGLE = Door(
    knows=_knows,
    trusts=lambda request, settings: is_from_google(request.body, google_key=settings.google_key.get_secret_value()),
    reads=_read,
)
