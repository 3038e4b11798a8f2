"""Leads of each vendor are read from bodies of its shape."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue

from core.sdk import BadSettings, ChannelFailure, Lead, Refused, Throttled, Unreachable
from core.sdk.leads import google, lead_events, meta, oceanengine, xiaohongshu
from tests.core.sdk.leads.bodies import (
    AT,
    FEIYU_PUSH,
    GOOGLE_PUSH,
    LIFE_PAGE,
    META_LEAD,
    META_NOTICE,
    RED_PUSH,
    as_body,
)


def test_oceanengine_tells_short_video_from_live() -> None:
    page = oceanengine.read_page(LIFE_PAGE, received_at=AT)
    video, live = page.forms
    assert page.has_more
    assert video.at == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    assert (video.origin["content"], video.origin["is_paid"]) == ("short_video", False)
    assert (live.origin["content"], live.origin["is_paid"]) == ("live", True)
    assert video.origin["item_id"] == "7390000000000000009"
    assert live.origin["ad_id"] == "7411111111111111111"
    assert video.answers["想喝什么茶"] == "龙井"
    assert [event.who[0].kind for form in page.forms for event in lead_events(form)] == ["phone", "anonymous_id"]


def test_last_page_ends_the_list() -> None:
    last = LIFE_PAGE["data"] | {"page_info": {"page": 2, "total_page": 2}}
    assert not oceanengine.read_page({"code": 0, "data": last}, received_at=AT).has_more
    empty: JsonValue = {"list": [], "page_info": {"page": 1, "total_page": 9}}
    assert not oceanengine.read_page({"code": 0, "data": empty}, received_at=AT).has_more


def test_feiyu_push_spells_as_it_does() -> None:
    (form,) = oceanengine.read_push(as_body(FEIYU_PUSH), received_at=AT)
    (told,) = lead_events(form)
    assert (form.lead_id, form.code, form.origin["content"]) == ("6805000000000000001", "Ab3dE6gH", "message")
    assert told.who[0].value == "+8613900000003"
    assert oceanengine.read_push(as_body({"data": [FEIYU_PUSH]}), received_at=AT) == [form]
    assert oceanengine.read_push(as_body({"data": as_body(FEIYU_PUSH).decode()}), received_at=AT) == [form]


def test_subscription_challenge_is_echoed() -> None:
    asked = {"service_label": "verify_webhook", "data": '{"challenge":12345}'}
    assert oceanengine.challenge_of(as_body(asked)) == {"challenge": 12345}
    assert oceanengine.challenge_of(as_body(FEIYU_PUSH)) is None


@pytest.mark.parametrize(
    ("code", "failure"), [(40105, BadSettings), (40100, Throttled), (50000, Unreachable), (40002, Refused)]
)
def test_oceanengine_codes_are_failures(code: int, failure: type[ChannelFailure]) -> None:
    with pytest.raises(failure, match=str(code)):
        oceanengine.read_page({"code": code, "message": "no"}, received_at=AT)


def test_xiaohongshu_pairs_are_flattened() -> None:
    (form,) = xiaohongshu.read_push(as_body(RED_PUSH), received_at=AT)
    assert (form.lead_id, form.at) == ("L-9001", datetime(2026, 11, 21, 2, 1, tzinfo=UTC))
    assert form.answers == {"手机号": "13900000004", "姓名": "小红", "预算": "500以下、500-1000"}
    assert form.origin == {"item_id": "65aabbcc000000000d00ee11", "campaign_id": "81234567", "ad_id": "91234567"}


def test_other_envelopes_are_understood() -> None:
    pairs = RED_PUSH["data"]["data"]
    for body in ([{"data": pairs}], {"data": {"list": [{"fields": pairs}]}}, {"data": pairs}, pairs):
        (form,) = xiaohongshu.read_push(as_body(body), received_at=AT)
        assert form.answers["手机号"] == "13900000004"
        assert form == xiaohongshu.read_push(as_body(body), received_at=AT)[0]
    many = xiaohongshu.read_push(as_body({"data": [{"data": pairs}, {"data": pairs}]}), received_at=AT)
    assert len({form.lead_id for form in many}) == 2
    (flat,) = xiaohongshu.read_push(as_body({"lead_id": "x", "phone": "13900000005"}), received_at=AT)
    assert (flat.lead_id, flat.answers) == ("x", {"phone": "13900000005"})


def test_meta_names_then_tells() -> None:
    (notice,) = meta.read_notices(as_body(META_NOTICE), received_at=AT)
    assert (notice.lead_id, notice.origin["ad_id"]) == ("91", "31")
    form = meta.read_lead(META_LEAD, received_at=AT, notice=notice)
    assert form is not None
    (told,) = lead_events(form)
    assert {claim.value for claim in told.who} == {"+85251234567", "mei@example.com"}
    assert form.origin == {
        "ad_id": "31",
        "form_id": "21",
        "account_id": "11",
        "campaign_id": "51",
        "is_paid": True,
    }
    assert form.answers["which_tea?"] == "green, black"
    assert form.at == datetime(2026, 11, 21, 2, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(("code", "failure"), [(190, BadSettings), (4, Throttled), (2, Unreachable), (100, Refused)])
def test_meta_errors_are_failures(code: int, failure: type[ChannelFailure]) -> None:
    with pytest.raises(failure, match=str(code)):
        meta.read_lead({"error": {"code": code, "message": "no"}}, received_at=AT)


def test_meta_address_is_echoed_for_its_token() -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": "t", "hub.challenge": "1158201444"}
    assert meta.echo_challenge(asked, verify_token="t") == "1158201444"
    assert meta.echo_challenge(asked, verify_token="other") is None
    assert meta.echo_challenge(asked | {"hub.verify_token": ""}, verify_token="") is None
    assert meta.echo_challenge({}, verify_token="t") is None


def test_google_key_vouches_for_its_form() -> None:
    body = as_body(GOOGLE_PUSH)
    assert google.is_from_google(body, google_key="a-key-of-ours")
    assert not google.is_from_google(body, google_key="another")
    assert not google.is_from_google(as_body(GOOGLE_PUSH | {"google_key": ""}), google_key="")
    assert not google.is_from_google(b"\xff", google_key="x")
    form = google.read_push(body, received_at=AT)
    assert form is not None
    assert form.answers["Favourite tea?"] == "Assam"
    assert lead_events(form)[0].who[0].value == "+442079460958"


def test_google_tests_are_dropped() -> None:
    assert google.read_push(as_body(GOOGLE_PUSH | {"is_test": True}), received_at=AT) is None
    assert google.read_push(as_body(GOOGLE_PUSH | {"lead_id": None}), received_at=AT) is None


def test_same_body_later_is_the_same_lead() -> None:
    later = AT + timedelta(days=30)
    assert [f.lead_id for f in xiaohongshu.read_push(as_body({"data": RED_PUSH["data"]["data"]}), received_at=AT)] == [
        f.lead_id for f in xiaohongshu.read_push(as_body({"data": RED_PUSH["data"]["data"]}), received_at=later)
    ]


def test_google_says_whose_time_it_is() -> None:
    untold = google.read_push(as_body(GOOGLE_PUSH), received_at=AT)
    assert untold is not None and (untold.at, untold.origin["time_is"]) == (AT, "arrival")
    moment = int((AT - timedelta(hours=1)).timestamp())
    told = google.read_push(as_body(GOOGLE_PUSH | {"lead_submit_time": moment}), received_at=AT)
    assert told is not None and (told.at, "time_is" in told.origin) == (AT - timedelta(hours=1), False)
    (lead, *_) = lead_events(untold)
    assert isinstance(lead, Lead) and lead.detail["time_is"] == "arrival"
