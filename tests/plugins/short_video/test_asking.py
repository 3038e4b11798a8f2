"""Vendors are asked in their shapes, page after page, and their refusals are failures of ours."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from pydantic import SecretStr

from core import clock
from core.sdk import BadSettings, Figures, Lead, Notice, Placement, Unreachable
from core.sdk.leads.meta import read_notices
from plugins.short_video.settings import VideoSettings
from tests.core.sdk.leads.bodies import LIFE_PAGE, META_LEAD, META_NOTICE, as_body
from tests.plugins.short_video.standins import AT, SETTINGS, channel, reply

EMPTY: dict[str, Any] = {"code": 0, "data": {"list": [], "page_info": {"page": 1, "total_page": 0}}}
OCEAN = SETTINGS.model_copy(update={"meta_form_ids": (), "ocean_advertisers": ()})
NOTICE = Notice(event_id="meta-91", at=AT, topic="meta_lead", key="91", detail={"ad_id": "31"})
VIDEO = Placement(
    id="p1", name="V", starts_at=AT - timedelta(days=3), detail={"platform": "douyin", "item_id": "a1,a2"}
)


def test_local_leads_come_page_by_page() -> None:
    calls: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(json.loads(request.content))
        assert (request.method, request.headers["access-token"]) == ("POST", "ocean")
        last = LIFE_PAGE["data"] | {"page_info": {"page": 2, "total_page": 2}}
        return reply(LIFE_PAGE if calls[-1]["page"] == 1 else {"code": 0, "data": last})

    with clock.set_to(AT):
        first = channel(answer).pull(None, OCEAN)
        second = channel(answer).pull(first.cursor, OCEAN)
        third = channel(answer).pull(second.cursor, OCEAN)
    assert [call["page"] for call in calls] == [1, 2, 1]
    assert [first.has_more, second.has_more] == [True, False]
    assert {call["start_time"] for call in calls[:2]} == {"2026-11-14 10:05:00"}
    assert calls[2]["start_time"] == "2026-11-21 09:50:00"  # a quarter of an hour is asked for twice
    assert [event.event_id for event in first.events] == ["lead-oceanengine-7400000000000000001"]
    assert third.events == second.events  # told again under the same ids


def test_leads_of_live_sessions_may_be_taken() -> None:
    with clock.set_to(AT):
        every = OCEAN.model_copy(update={"ocean_takes_live": True})
        assert len(channel(lambda request: reply(LIFE_PAGE)).pull(None, every).events) == 2


def test_one_vendor_down_stops_no_other() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return reply({"data": [META_LEAD]}) if request.url.host == "graph.facebook.com" else reply({}, 503)

    with clock.set_to(AT):
        pulled = channel(answer).pull(None, SETTINGS)
    assert [event.event_id for event in pulled.events] == ["lead-meta-91"]
    assert list(json.loads(pulled.cursor or "")) == ["meta:21"]
    with clock.set_to(AT), pytest.raises(Unreachable):
        channel(lambda request: reply({}, 503)).pull(None, SETTINGS)


def test_nothing_is_asked_without_accounts() -> None:
    assert channel(lambda request: reply({}, 500)).pull("kept", VideoSettings()).cursor == "kept"


def test_announced_leads_are_fetched() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path.endswith("/92"):
            return reply({"error": {"code": 100, "message": "does not exist"}}, 400)
        return reply(META_LEAD)

    gone = NOTICE.model_copy(update={"key": "92"})
    (lead,) = channel(answer).fetch([gone, NOTICE], SETTINGS)
    assert isinstance(lead, Lead)
    assert (lead.event_id, lead.detail["ad_id"]) == ("lead-meta-91", "31")
    assert seen[1].url.path == "/v23.0/91"
    assert "page" not in str(seen[1].url).replace("/v23.0", "")  # the token travels in a header
    (told,) = read_notices(as_body(META_NOTICE), received_at=AT)
    assert told.lead_id == NOTICE.key


def test_bad_token_asks_a_human() -> None:
    refused = {"error": {"code": 190, "message": "expired"}}
    with pytest.raises(BadSettings, match="190"):
        channel(lambda request: reply(refused, 401)).fetch([NOTICE], SETTINGS)


def test_videos_are_measured() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["open_id"] == "o1"
        if request.url.params["item_id"] == "a2":
            return reply({"data": {"error_code": 28001007, "description": "no such video"}})
        result = {"total_play": 1200, "total_like": 30, "total_comment": 4, "total_share": 2}
        return reply({"data": {"error_code": 0, "result": result}})

    old = VIDEO.model_copy(update={"starts_at": AT - timedelta(days=31)})
    note = VIDEO.model_copy(update={"detail": {"platform": "xiaohongshu", "item_id": "n1"}})
    with clock.set_to(AT):
        (figures,) = channel(answer).measure([old, note, VIDEO], SETTINGS)
    assert isinstance(figures, Figures)
    assert figures.counts == {"views": 1200, "likes": 30, "comments": 4, "shares": 2}
    assert figures.at.isoformat() == "2026-11-20T15:59:59+00:00"  # what is told today is of yesterday in China


def test_accounts_are_tried() -> None:
    assert channel(lambda request: reply({}, 500)).check(VideoSettings())[0].en.startswith("No platform")
    fine = {"code": 0, "data": {"error_code": 0}}
    assert "test lead" in channel(lambda request: reply(fine)).check(SETTINGS)[0].en
    token = {"code": 0, "data": {"error_code": 28001008, "description": "expired"}}
    with pytest.raises(BadSettings, match="douyin_token"):
        channel(lambda request: reply(token)).check(SETTINGS)
    with pytest.raises(BadSettings, match="40105"):
        channel(lambda request: reply({"code": 40105, "message": "token"})).check(SETTINGS)


class TokenDesk:
    """Douyin, to whom the token of the settings has ended; `good` is the one that it takes."""

    def __init__(self, good: str = "new", renewed: dict[str, Any] | None = None) -> None:
        self.good, self.asked = good, list[str]()
        self.renewed = renewed or {"access_token": "new", "error_code": 0}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/oauth/refresh_token/":
            told = dict(parse_qsl(request.content.decode()))
            assert told == {"client_key": "ck", "grant_type": "refresh_token", "refresh_token": "again"}
            return reply({"data": self.renewed})
        if request.headers["access-token"] != self.good:
            return reply({"data": {"error_code": 28001008, "description": "expired"}})
        return reply({"data": {"error_code": 0, "result": {"total_play": 7}}})


RENEWING = OCEAN.model_copy(update={"douyin_client_key": "ck", "douyin_refresh_token": SecretStr("again")})


def test_ended_token_is_renewed_once() -> None:
    desk = TokenDesk()
    with clock.set_to(AT):
        events = channel(desk).measure([VIDEO], RENEWING)
    assert [event.counts for event in events if isinstance(event, Figures)] == [{"views": 7}] * 2
    assert desk.asked.count("/oauth/refresh_token/") == 1


@pytest.mark.parametrize(
    ("desk", "field"),
    [
        (TokenDesk(good="another"), "douyin_token"),
        (TokenDesk(renewed={"error_code": 10010, "description": "ended"}), "douyin_refresh_token: .*10010"),
    ],
)
def test_refused_renewal_is_told_plainly(desk: TokenDesk, field: str) -> None:
    with clock.set_to(AT), pytest.raises(BadSettings, match=field):
        channel(desk).measure([VIDEO], RENEWING)
    assert desk.asked.count("/oauth/refresh_token/") == 1
