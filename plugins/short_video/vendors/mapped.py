"""Whoever has no published format: TikTok's leads and any system's own JSON, read by the operator's mapping."""

from core.sdk import Event, Request
from core.sdk.mapped import map_body, read_mapping
from core.sdk.signing.bodies import is_from_tiktok
from core.sdk.signing.generic import is_signed_request
from core.sdk.vendor_json import load_json
from plugins.short_video.door import Door, consent_rule
from plugins.short_video.settings import VideoSettings


def _is_tiktok(request: Request, settings: VideoSettings) -> bool:
    header, secret = request.headers.get("tiktok-signature", ""), settings.tiktok_secret.get_secret_value()
    return is_from_tiktok(request.body, header, client_secret=secret, at=request.received_at)


def _is_signed(request: Request, settings: VideoSettings) -> bool:
    return is_signed_request(
        request, style=settings.hook_style, header=settings.hook_header, secret=settings.hook_secret
    )


def _map(request: Request, settings: VideoSettings, written: str, source: str) -> list[Event]:
    mapping = read_mapping(written)
    if not mapping.pointers:
        return []
    body = map_body(
        load_json(request.body),
        mapping,
        source=source,
        received_at=request.received_at,
        consent=consent_rule(settings),
    )
    return list(body.events)


TIKTOK = Door(
    knows=lambda request, settings: "tiktok-signature" in request.headers,
    trusts=_is_tiktok,
    reads=lambda request, settings: _map(request, settings, settings.tiktok_mapping, "tiktok"),
)
ANYBODY = Door(
    knows=lambda request, settings: True,
    trusts=_is_signed,
    reads=lambda request, settings: _map(request, settings, settings.hook_mapping, "hook"),
)
