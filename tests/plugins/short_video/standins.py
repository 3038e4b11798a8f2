"""Vendors that answer in the test, in the shapes of theirs, and requests as they send them."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from core.sdk import HttpClient, Request
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings

AT = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)
SETTINGS = VideoSettings.model_validate(
    {
        "red_token": "hush",
        "meta_app_secret": "hush",
        "meta_verify_token": "verify me",
        "meta_page_token": "page",
        "meta_form_ids": ["21"],
        "tiktok_secret": "hush",
        "tiktok_mapping": "event_id = /lead/id\nphone = /lead/phone\nanswers = /lead/answers\nevent = lead",
        "google_key": "a-key-of-ours",
        "feiyu_token": "fly",
        "ocean_token": "ocean",
        "ocean_advertisers": ["17"],
        "ocean_local_accounts": ["18"],
        "douyin_token": "douyin",
        "douyin_open_id": "o1",
        "hook_secret": "hush",
        "hook_style": "hmac_sha256_hex",
        "hook_mapping": "rows = /rows\nevent_id = /id\nphone = /tel\nat = /time\ndetail.item_id = /video",
    }
)


def channel(answer: Callable[[httpx.Request], httpx.Response]) -> ShortVideo:
    return ShortVideo(lambda: HttpClient(transport=httpx.MockTransport(answer)))


def reply(told: object, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=told)


def asked(body: object, *, query: dict[str, str] | None = None, **headers: str) -> Request:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(id="r1", received_at=AT, body=raw, headers=named, query=tuple((query or {}).items()))


def signed(body: Any, algorithm: str, prefix: str = "", secret: str = "hush") -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return prefix + hmac.new(secret.encode(), raw, algorithm).hexdigest()


def tiktok_header(body: object, at: datetime = AT) -> str:
    raw = json.dumps(body, ensure_ascii=False).encode()
    second = str(int(at.timestamp()))
    return f"t={second},s={hmac.new(b'hush', f'{second}.'.encode() + raw, hashlib.sha256).hexdigest()}"
