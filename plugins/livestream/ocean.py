"""Oceanengine's leads of local businesses: fetched by account and span; only those of live rooms are taken.

They are asked for by POST, as the vendor's generated SDKs do; its leads of advertisers are asked for by GET.
"""

import json
from datetime import datetime, timedelta

from core.sdk import HttpClient
from core.sdk.leads import LeadForm, lead_events
from core.sdk.leads.oceanengine import read_page
from core.sdk.moments import CHINA
from plugins.livestream.pulling import Page
from plugins.livestream.settings import LiveSettings

ADDRESS = "https://api.oceanengine.com/open_api/2/tools/clue/life/get/"
PAGE = 100
SPAN = timedelta(days=7)


def fetch_clues(
    http: HttpClient, settings: LiveSettings, account: str, *, start: datetime, end: datetime, place: str
) -> Page:
    """One page of an account's leads; `place` is the number of the page."""
    number = int(place or "1")
    asked = {
        "local_account_ids": [int(account) if account.isdigit() else account],
        "start_time": _local(start),
        "end_time": _local(end),
        "page": number,
        "page_size": PAGE,
    }
    headers = {"access-token": settings.ocean_token.get_secret_value(), "content-type": "application/json"}
    reply = http.send("POST", ADDRESS, repeatable=True, content=json.dumps(asked).encode(), headers=headers)
    page = read_page(reply.json(), received_at=end)
    events = [event for form in page.forms if _is_live(form) for event in lead_events(_with_host(form))]
    return Page(events, str(number + 1), page.has_more)


def _is_live(form: LeadForm) -> bool:
    return form.origin.get("content") == "live"


def _with_host(form: LeadForm) -> LeadForm:
    """The author as the sessions know them."""
    host = {"host_id": form.origin.get("author_id"), "host": form.origin.get("author_name")}
    return form.model_copy(update={"origin": form.origin | {name: value for name, value in host.items() if value}})


def _local(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
