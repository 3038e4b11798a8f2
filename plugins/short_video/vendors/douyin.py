"""Douyin's open platform: what it counts of a business account's videos of the last 30 days, up to yesterday."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from core.sdk import (
    BadSettings,
    Event,
    FigureName,
    Figures,
    HttpClient,
    Placement,
    Refused,
    Throttled,
    Unreachable,
    now,
)
from core.sdk import vendor_json as told
from core.sdk.accounts.douyin import ENDED, DouyinToken
from core.sdk.moments import CHINA
from plugins.short_video.settings import VideoSettings

BASE = "https://open.douyin.com/data/external/item/base/"
OLDEST = timedelta(days=30)
TOTALS: dict[FigureName, tuple[str, ...]] = {
    "views": ("total_play",),
    "likes": ("total_like",),
    "comments": ("total_comment",),
    "shares": ("total_share",),
}
_LATER = {"28001005"}


def measure_videos(http: HttpClient, settings: VideoSettings, placements: Sequence[Placement]) -> list[Event]:
    """The running totals of each Douyin video. A video that Douyin refuses is passed over; a bad token is raised."""
    found: list[Event] = []
    token = _token(http, settings)
    for placement in placements:
        if placement.detail.get("platform") != "douyin" or _is_old(placement):
            continue
        for item_id in str(placement.detail.get("item_id") or "").replace(",", " ").replace("，", " ").split():
            try:
                found += _measure(http, settings, token, item_id, placement.id)
            except Refused:
                continue
    return found


def try_token(http: HttpClient, settings: VideoSettings) -> None:
    """Ask for a video that nobody has: only a bad token is an answer that matters. Raises what it means."""
    try:
        _ask(http, settings, _token(http, settings), "0")
    except Refused:
        return


def _token(http: HttpClient, settings: VideoSettings) -> DouyinToken:
    return DouyinToken(
        http,
        token=settings.douyin_token.get_secret_value(),
        client_key=settings.douyin_client_key,
        refresh_token=settings.douyin_refresh_token.get_secret_value(),
    )


def _measure(
    http: HttpClient, settings: VideoSettings, token: DouyinToken, item_id: str, placement_id: str
) -> list[Event]:
    result = told.inner(_ask(http, settings, token, item_id), "result")
    counts: dict[FigureName, int] = {
        name: int(said) for name, fields in TOTALS.items() if (said := told.text(result, *fields)).isdigit()
    }
    at = _end_of_yesterday(now())
    event_id = f"figures-{item_id}-{at:%Y%m%d}"[:200]
    if not counts:
        return []
    return [Figures(event_id=event_id, at=at, placement_id=placement_id, counts=counts, detail={"item_id": item_id})]


def _ask(http: HttpClient, settings: VideoSettings, token: DouyinToken, item_id: str) -> dict[str, JsonValue]:
    headers = {"access-token": token.value}
    params = {"open_id": settings.douyin_open_id, "item_id": item_id}
    data = told.inner(http.send("GET", BASE, repeatable=True, headers=headers, params=params).json(), "data")
    code = told.text(data, "error_code")
    if code in ("", "0"):
        return data
    said = f"Douyin answered {code[:20]}: {told.text(data, 'description', limit=200)}"
    if code in ENDED:
        if token.renew():
            return _ask(http, settings, token, item_id)
        raise BadSettings(f"douyin_token: {said}. Renew the token.", code=code)
    if code in _LATER:
        raise Unreachable(said, code=code)
    if code == "28001004":
        raise Throttled(said, code=code, retry_after=60)
    raise Refused(said, code=code)


def _end_of_yesterday(at: datetime) -> datetime:
    """Douyin's figures are those of the day before, in China's time."""
    today = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(seconds=1)


def _is_old(placement: Placement) -> bool:
    return placement.starts_at is not None and now() - placement.starts_at > OLDEST
