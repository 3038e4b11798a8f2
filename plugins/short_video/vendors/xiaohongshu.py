"""Xiaohongshu: the lead push of 聚光, signed with the operator's token."""

from core.sdk import Event, Request
from core.sdk.leads.xiaohongshu import read_push
from core.sdk.signing.bodies import is_from_xiaohongshu
from plugins.short_video.door import Door, events_of
from plugins.short_video.settings import VideoSettings


def _is_signed(request: Request, settings: VideoSettings) -> bool:
    signature = request.headers.get("x-red-signature", "")
    return is_from_xiaohongshu(request.body, signature, token=settings.red_token.get_secret_value())


def _read(request: Request, settings: VideoSettings) -> list[Event]:
    return events_of(read_push(request.body, received_at=request.received_at), settings)


RED = Door(knows=lambda request, settings: "x-red-signature" in request.headers, trusts=_is_signed, reads=_read)
