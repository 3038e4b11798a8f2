"""Each vendor's webhooks: believed when signed, answered in its words, read as touches and orders."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.sdk import ClaimAsked, Event, Notice, OrderSeen, Refused, Request, Touch
from plugins.livestream.plugin import LiveChannel
from tests.plugins.livestream.makers import (
    AT,
    FORM,
    any_hook,
    comment,
    douyin_hook,
    kuaishou_hook,
    live_push,
    make_request,
    make_settings,
    wechat_push,
)

CHANNEL, SETTINGS = LiveChannel(), make_settings()
VECTORS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "core" / "sdk" / "signing_vectors.json").read_text()
)
GENUINE = {
    "douyin": douyin_hook("im_receive_msg", {"text": "好"}),
    "live": live_push("live_comment", comment("1", "s1", "领福利")),
    "wechat": wechat_push("channels_ec_order_pay", 3700000000000000001),
    "wechat xml": wechat_push("channels_ec_order_pay", 3700000000000000001, as_xml=True),
    "kuaishou": kuaishou_hook({"taskId": "t1"}),
    "any": any_hook({"id": "1", "kind": "COMMENT"}),
}


def answered(request: Request, **changes: Any) -> tuple[bool, Any]:
    answer = CHANNEL.answer(request, make_settings(**changes))
    return answer.accepted, answer.reply


def parsed(request: Request, **changes: Any) -> list[Event]:
    return CHANNEL.parse(request, make_settings(**changes))


def touches(request: Request, **changes: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """Kind, person and detail; a claim that was asked for counts as the comment that it is."""
    found = [(event, event.who[0].value) for event in parsed(request, **changes)]
    return [(e.kind, who, e.detail) if isinstance(e, Touch) else ("comment", who, asked(e)) for e, who in found]


def asked(event: Event) -> dict[str, Any]:
    assert isinstance(event, ClaimAsked)
    return {**event.detail, "keyword": event.keyword}


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_calls_are_believed(name: str) -> None:
    assert CHANNEL.answer(GENUINE[name], SETTINGS).accepted


@pytest.mark.parametrize("name", GENUINE)
def test_changed_bodies_are_not_believed(name: str) -> None:
    forged = GENUINE[name].model_copy(update={"body": GENUINE[name].body.replace(b"1", b"2").replace(b"A", b"B")})
    assert not CHANNEL.answer(forged, SETTINGS).accepted


@pytest.mark.parametrize("name", GENUINE)
def test_what_is_not_filled_in_is_off(name: str) -> None:
    assert not CHANNEL.answer(GENUINE[name], make_settings(**dict.fromkeys(FORM, "") | LISTS)).accepted


LISTS: dict[str, Any] = {name: [] for name, value in FORM.items() if isinstance(value, list)} | {
    "hook_style": "hmac_sha256"
}


def test_douyin_examples_are_believed() -> None:
    vector = VECTORS["derived.douyin_webhook"]
    headers = {"x-douyin-signature": vector["expected"]}
    request = make_request(vector["input"]["body"].encode(), headers=headers)
    secret = vector["input"]["client_secret"]
    assert answered(request, douyin_secret=secret) == (True, {"challenge": 12345})
    push = VECTORS["douyin.live_push"]
    headers = push["input"]["headers"] | {"x-signature": push["expected"]["signature"]}
    request = make_request(push["input"]["body"].encode(), headers=headers)
    assert CHANNEL.answer(request, make_settings(douyin_live_secret=push["input"]["secret"])).status == 400
    assert CHANNEL.answer(request, make_settings(douyin_live_secret="other")).status == 401


def test_kuaishou_example_is_believed() -> None:
    vector = VECTORS["derived.kuaishou_webhook"]
    request = make_request(vector["input"]["body"].encode(), headers={"kwaisign": vector["expected"]})
    assert answered(request, kuaishou_secret=vector["input"]["app_secret"]) == (True, {"result": 1})
    assert parsed(request) == []


def test_wechat_example_address_is_echoed() -> None:
    given, expected = VECTORS["weixin.url_verify_plain"]["input"], VECTORS["weixin.url_verify_plain"]["expected"]
    names = {"signature": expected["signature"], "timestamp": given["timestamp"], "nonce": given["nonce"]}
    query = tuple((names | {"echostr": given["echostr"]}).items())
    request = make_request(b"", method="GET", query=query)
    assert answered(request, wechat_token=given["token"]) == (True, expected["response"])
    assert answered(request, wechat_token="other") == (False, None)


def test_wechat_wants_success_for_events() -> None:
    first, again = (CHANNEL.answer(wechat_push("channels_ec_order_pay", 37, nonce=n), SETTINGS) for n in ("a", "b"))
    assert (first.reply, first.wants_pull) == ("success", False)
    assert first.dedup_key == again.dedup_key
    assert first.dedup_key != CHANNEL.answer(wechat_push("channels_ec_order_pay", 38), SETTINGS).dedup_key


def test_wechat_cancellation_is_told_at_once() -> None:
    order, notice = parsed(wechat_push("channels_ec_order_cancel", 3700000000000000001))
    assert isinstance(order, OrderSeen) and isinstance(notice, Notice)
    assert (order.order_no, order.state, order.who, order.at) == ("3700000000000000001", "cancelled", (), AT)
    with pytest.raises(Refused):
        parsed(wechat_push("channels_ec_order_pay", 37), wechat_token="changed since")


def test_wechat_names_the_order_to_fetch() -> None:
    (notice,) = parsed(wechat_push("channels_ec_order_pay", 3700000000000000001))
    assert isinstance(notice, Notice)
    assert (notice.topic, notice.key, notice.at) == ("wechat_order", "3700000000000000001", AT)
    assert parsed(wechat_push("channels_ec_order_pay", 37), wechat_secret="") == []


def test_wechat_event_without_order_pulls() -> None:
    push = wechat_push("channels_ec_order_ext_info_update", None)
    assert CHANNEL.answer(push, SETTINGS).wants_pull
    assert parsed(push) == []


def test_comments_with_keyword_are_kept() -> None:
    push = live_push(
        "live_comment",
        comment("71", "s1", " 领 福利！"),
        comment("72", "s2", "主播好看"),
        comment("73", "s3", "１"),
        comment("74", "s4", "11"),
    )
    assert touches(push) == [
        ("comment", "s1", {"room_id": "268", "event": "live_comment", "keyword": "领福利"}),
        ("comment", "s3", {"room_id": "268", "event": "live_comment", "keyword": "1"}),
    ]
    assert len(touches(push, keeps_all_comments=True)) == 4
    (first, _) = parsed(push)
    assert (first.event_id, first.at, first.who[0].app) == ("live-71", AT, "tt0000000001")


def test_gifts_and_clubs_are_touches() -> None:
    gift = comment("81", "s1", "") | {"sec_gift_id": "g", "gift_num": 2, "gift_value": 2000, "test": False}
    assert touches(live_push("live_gift", gift, gift | {"msg_id": "82", "test": True})) == [
        ("comment", "s1", {"room_id": "268", "event": "live_gift", "gift_fen": 2000, "gifts": 2})
    ]
    club = [comment(str(n), f"s{n}", "") | {"fansclub_reason_type": n} for n in (1, 2)]
    assert [kind for kind, _, _ in touches(live_push("live_fansclub", *club))] == ["visit", "joined"]
    assert touches(live_push("live_like", comment("9", "s9", "") | {"like_num": 3})) == []


def test_private_message_may_hold_a_spoken_code() -> None:
    said = douyin_hook("im_receive_msg", json.dumps({"text": "龙井 88", "create_time": int(AT.timestamp() * 1000)}))
    assert touches(said) == [("reply", "o-1", {"event": "im_receive_msg", "spoken": "龙井88"})]
    assert touches(douyin_hook("im_receive_msg", {"text": "13900000001"})) == [
        ("reply", "o-1", {"event": "im_receive_msg"})
    ]
    assert touches(douyin_hook("unknown_event", {})) == []
    answer = CHANNEL.answer(said, SETTINGS)
    assert answer.dedup_key == "douyin-m1"


def test_mapped_items_become_events() -> None:
    told = [
        {
            "id": "1",
            "kind": "COMMENT",
            "user": {"id": "u1"},
            "text": "领福利",
            "room_id": "r1",
            "at": "2026-11-21 20:30:00",
        },
        {"id": "2", "kind": "FOLLOW", "user": {"mobile": "139 0000 0001"}},
        {"id": "3", "kind": "unheard of", "user": {"id": "u2"}},
        {"order_no": "E1", "amount": "128.50", "user": {"mobile": "13900000001"}, "host": "小林", "state": "待发货"},
        {"order_no": "E2", "state": "?", "amount": "1"},
    ]
    events = parsed(any_hook(told))
    kinds = [event.kind if isinstance(event, Touch) else event.type for event in events]
    assert kinds == ["claim", "visit", "visit", "order"]
    assert events[1].who[0].value == "+8613900000001"
    assert isinstance(events[3], OrderSeen)
    assert (events[3].order_no, str(events[3].amount), events[3].state) == ("E1", "128.50", "paid")


def test_kuaishou_is_read_by_mapping() -> None:
    told = {"taskId": "t1", "event": "comment", "data": {"userId": "k1", "liveId": "L1", "content": "领福利"}}
    assert touches(kuaishou_hook(told)) == [("comment", "k1", {"room_id": "L1", "keyword": "领福利"})]
    assert CHANNEL.answer(kuaishou_hook(told), SETTINGS).dedup_key == "kuaishou-t1"
