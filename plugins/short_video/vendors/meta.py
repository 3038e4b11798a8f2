"""Meta lead ads: a signed webhook names leads, the Graph API tells them; forms are fetched, too."""

import json
from datetime import datetime
from urllib.parse import quote

from pydantic import JsonValue

from core.sdk import Answer, Event, HttpClient, Notice, Refused, Request
from core.sdk import vendor_json as told
from core.sdk.leads.meta import echo_challenge, read_lead, read_notices
from core.sdk.pulling import SourcePage
from core.sdk.signing.bodies import is_from_meta
from plugins.short_video.door import Door, events_of
from plugins.short_video.settings import VideoSettings

HOST = "https://graph.facebook.com"
FIELDS = "id,created_time,ad_id,adset_id,campaign_id,form_id,is_organic,field_data"
GONE = "100"
TOPIC = "meta_lead"


def fetch_announced(http: HttpClient, settings: VideoSettings, notices: list[Notice]) -> list[Event]:
    """The leads behind the notices; one that was deleted meanwhile gives nothing."""
    found: list[Event] = []
    for notice in notices:
        try:
            form = read_lead(_ask(http, settings, notice.key, {}), received_at=notice.at)
        except Refused as refusal:
            if refusal.code != GONE:
                raise
            continue
        if form:
            origin = dict(notice.detail) | dict(form.origin)
            found += events_of([form.model_copy(update={"origin": origin})], settings)
    return found


def fetch_form(
    http: HttpClient, settings: VideoSettings, form_id: str, *, start: datetime, end: datetime, place: str
) -> SourcePage:
    """One page of a form's leads since `start`; `place` is Meta's cursor."""
    since = [{"field": "time_created", "operator": "GREATER_THAN", "value": int(start.timestamp())}]
    params = {"filtering": json.dumps(since), "limit": "100"} | ({"after": place} if place else {})
    answer = _ask(http, settings, f"{form_id}/leads", params)
    read_lead(answer, received_at=end)  # raises what an error in the answer means
    forms = [read_lead(row, received_at=end) for row in told.items(told.inner(answer).get("data"))]
    after = told.text(told.inner(answer, "paging", "cursors"), "after", limit=2000)
    has_more = bool(told.text(told.inner(answer, "paging"), "next", limit=4000)) and bool(after)
    return SourcePage(events_of([form for form in forms if form], settings), after, has_more)


def _ask(http: HttpClient, settings: VideoSettings, path: str, params: dict[str, str]) -> JsonValue:
    """The token travels in a header, so that no address holds it."""
    headers = {"authorization": f"Bearer {settings.meta_page_token.get_secret_value()}"}
    address = f"{HOST}/{settings.meta_version}/{quote(path, safe='/')}"
    return http.send("GET", address, repeatable=True, headers=headers, params={"fields": FIELDS} | params).json()


def _knows(request: Request, settings: VideoSettings) -> bool:
    return "x-hub-signature-256" in request.headers or "hub.mode" in dict(request.query)


def _is_signed(request: Request, settings: VideoSettings) -> bool:
    signature = request.headers.get("x-hub-signature-256", "")
    return is_from_meta(request.body, signature, app_secret=settings.meta_app_secret.get_secret_value())


def _echo(request: Request, settings: VideoSettings) -> Answer | None:
    if request.method != "GET":
        return None
    challenge = echo_challenge(dict(request.query), verify_token=settings.meta_verify_token.get_secret_value())
    return Answer(accepted=challenge is not None, reply=challenge, status=200 if challenge is not None else 403)


def _read(request: Request, settings: VideoSettings) -> list[Event]:
    return [
        Notice(event_id=f"meta-{one.lead_id}", at=one.at, topic=TOPIC, key=one.lead_id, detail=one.origin)
        for one in read_notices(request.body, received_at=request.received_at)
    ]


META = Door(knows=_knows, trusts=_is_signed, reads=_read, answers=_echo)
