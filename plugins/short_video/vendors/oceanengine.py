"""Oceanengine: leads that are fetched by account, and those that Feiyu pushes to an address with our token."""

import json
from datetime import datetime

from pydantic import JsonValue

from core.sdk import Answer, Event, HttpClient, Refused, Request
from core.sdk.leads import LeadForm
from core.sdk.leads.oceanengine import challenge_of, read_page, read_push
from core.sdk.moments import CHINA
from core.sdk.pulling import SourcePage
from core.sdk.signing.comparing import is_same
from plugins.short_video.door import Door, events_of
from plugins.short_video.settings import VideoSettings

BASE = "https://api.oceanengine.com/open_api/2/tools/clue/"
PAGE = 100


def fetch_leads(
    http: HttpClient,
    settings: VideoSettings,
    account: str,
    *,
    is_local: bool,
    start: datetime,
    end: datetime,
    place: str,
) -> SourcePage:
    """One page of an account's leads; `place` is the page's number."""
    number = int(place or "1")
    asked: dict[str, JsonValue] = {
        "local_account_ids" if is_local else "advertiser_ids": [int(account) if account.isdigit() else account],
        "start_time": _local(start),
        "end_time": _local(end),
        "page": number,
        "page_size": PAGE,
    }
    headers = {"access-token": settings.ocean_token.get_secret_value(), "content-type": "application/json"}
    if is_local:
        reply = http.send(
            "POST", f"{BASE}life/get/", repeatable=True, headers=headers, content=json.dumps(asked).encode()
        )
    else:
        params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
        reply = http.send("GET", f"{BASE}get/", repeatable=True, headers=headers, params=params)
    page = read_page(reply.json(), received_at=end)
    return SourcePage(events_of(_ours(page.forms, settings), settings), str(number + 1), page.has_more)


def _ours(forms: list[LeadForm], settings: VideoSettings) -> list[LeadForm]:
    return [form for form in forms if settings.ocean_takes_live or form.origin.get("content") != "live"]


def _local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _has_token(request: Request, settings: VideoSettings) -> bool:
    return is_same(dict(request.query).get("token", ""), settings.feiyu_token.get_secret_value())


def _echo(request: Request, settings: VideoSettings) -> Answer | None:
    if not _has_token(request, settings):
        return None
    try:
        challenge = challenge_of(request.body)
    except Refused:
        return None
    return Answer(accepted=True, reply=challenge) if challenge is not None else None


def _read(request: Request, settings: VideoSettings) -> list[Event]:
    return events_of(_ours(read_push(request.body, received_at=request.received_at), settings), settings)


FEIYU = Door(
    knows=lambda request, settings: "token" in dict(request.query), trusts=_has_token, reads=_read, answers=_echo
)
