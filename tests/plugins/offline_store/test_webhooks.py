"""Each system is believed by its own signature alone, and what it tells becomes the same facts however it is told."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest

from core.sdk import Event, OrderSeen, Refused, Request, Touch
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from tests.plugins.offline_store.shops import (
    AT,
    SETTINGS,
    Hook,
    asked,
    by_douyin,
    by_shopify,
    by_till,
    by_woo,
    by_youzan,
    payload,
)

STORE = StoreChannel()
GENUINE: dict[str, Hook] = {
    "shopify": by_shopify(payload("shopify_order")),
    "woo": by_woo(payload("woo_order")),
    "youzan": by_youzan(payload("youzan_trade")),
    "douyin": by_douyin(payload("douyin_order")),
    "till": by_till(payload("pos_orders")),
}
FORGED: dict[str, Hook] = {
    "shopify": by_shopify(payload("shopify_order"), secret="guessed"),
    "woo": by_woo(payload("woo_order"), secret="guessed"),
    "youzan": by_youzan(payload("youzan_trade"), secret="guessed"),
    "douyin": by_douyin(payload("douyin_order"), secret="guessed"),
    "till": by_till(payload("pos_orders"), secret="guessed"),
}


def told(hook: Hook) -> list[Event]:
    return STORE.parse(asked(hook), SETTINGS)


def order(events: list[Event]) -> OrderSeen:
    return next(event for event in events if isinstance(event, OrderSeen) and event.state == "paid")


def touches(events: list[Event]) -> list[Touch]:
    return [event for event in events if isinstance(event, Touch)]


def names(event: OrderSeen | Touch) -> set[tuple[str, str]]:
    return {(claim.kind, claim.value) for claim in event.who}


@pytest.mark.parametrize("system", GENUINE)
def test_genuine_webhooks_are_taken(system: str) -> None:
    assert STORE.answer(asked(GENUINE[system]), SETTINGS).accepted


@pytest.mark.parametrize("system", FORGED)
def test_forged_webhooks_are_refused(system: str) -> None:
    answer = STORE.answer(asked(FORGED[system]), SETTINGS)
    assert (answer.accepted, answer.status) == (False, 401)


@pytest.mark.parametrize("system", GENUINE)
def test_changed_bodies_are_refused(system: str) -> None:
    body, headers = GENUINE[system]
    assert not STORE.answer(asked((body.replace(b"0", b"1"), headers)), SETTINGS).accepted


@pytest.mark.parametrize("system", GENUINE)
def test_empty_section_believes_nothing(system: str) -> None:
    body, headers = FORGED[system]
    blank = by_youzan(payload("youzan_trade"), secret="") if system == "youzan" else (body, headers)
    assert not STORE.answer(asked(blank), StoreSettings()).accepted


def test_both_secrets_count_while_changing() -> None:
    both = StoreSettings.model_validate(
        {"shopify_secret": "new-secret", "shopify_old_secret": "old-secret", "woo_secret": "n", "woo_old_secret": "o"}
    )
    for hook in (by_shopify({}, secret="new-secret"), by_shopify({}, secret="old-secret"), by_woo({}, secret="o")):
        assert STORE.answer(asked(hook), both).accepted
    assert not STORE.answer(asked(by_shopify({}, secret="older")), both).accepted


def test_each_vendor_hears_its_reply() -> None:
    assert STORE.answer(asked(GENUINE["youzan"]), SETTINGS).reply == {"code": 0, "msg": "success"}
    assert STORE.answer(asked(GENUINE["till"]), SETTINGS).reply == {"ok": True}
    challenge = {"event": "verify_webhook", "client_key": "abc", "content": {"challenge": 12345}}
    assert STORE.answer(asked(by_douyin(challenge)), SETTINGS).reply == {"challenge": 12345}


def test_deliveries_are_named_for_dedup() -> None:
    keys = [
        STORE.answer(asked(hook), SETTINGS).dedup_key
        for hook in (
            by_shopify({}, delivery="d1"),
            by_woo({}, delivery="d1"),
            by_douyin({}, delivery="d1"),
            by_youzan({}, message_id="d1"),
        )
    ]
    assert keys == ["shopify-d1", "woo-d1", "douyin-d1", "youzan-d1"]


def test_woo_ping_is_taken_unsigned() -> None:
    ping = asked((b"webhook_id=12", {"content-type": "application/x-www-form-urlencoded"}))
    assert STORE.answer(ping, SETTINGS).accepted
    assert STORE.parse(ping, SETTINGS) == []


def test_shopify_order_is_read() -> None:
    events = told(GENUINE["shopify"])
    sold = order(events)
    assert (sold.order_no, sold.amount, sold.currency) == ("5523700000000000123", Decimal("99"), "CNY")
    assert sold.at.isoformat() == "2026-11-21T02:00:00+00:00"
    assert ("phone", "+8613900000001") in names(sold)
    assert sold.code == "ANNA10"
    redeem, landing = touches(events)
    assert (redeem.kind, redeem.code, redeem.needs_placement) == ("redeem", "ANNA10", True)
    assert (landing.kind, landing.detail["campaign"], landing.detail["utm_source"]) == ("visit", "p1", "card")


def test_shopify_till_names_store_and_clerk() -> None:
    events = told(by_shopify(payload("shopify_pos_order")))
    (visit,) = touches(events)
    assert (visit.kind, visit.detail) == ("visit", {"code": "9017", "number": "88001"})
    assert order(events).detail == visit.detail
    assert names(visit) == {("anonymous_id", "1002")}


def test_unpaid_orders_are_no_sales() -> None:
    assert told(by_shopify(payload("shopify_order", financial_status="pending"))) == []
    assert told(by_shopify(payload("shopify_order", financial_status="voided", cancelled_at="2026-11-22"))) == []
    assert told(by_woo(payload("woo_order", status="on-hold"))) == []
    assert told(by_woo(payload("woo_order", status="cancelled", date_paid_gmt=None))) == []


def test_refund_is_one_however_told() -> None:
    (alone,) = told(by_shopify(payload("shopify_refund")))
    whole = told(by_shopify(payload("shopify_order", refunds=[payload("shopify_refund")])))
    assert isinstance(alone, OrderSeen)
    assert (alone.state, alone.refund_part, alone.order_no) == ("refunded", Decimal(30), "5523700000000000123")
    assert alone in whole


def test_cancellation_follows_its_order() -> None:
    events = told(by_shopify(payload("shopify_order", cancelled_at="2026-11-22T10:00:00+08:00")))
    assert [event.state for event in events if isinstance(event, OrderSeen)] == ["paid", "cancelled"]


def test_woo_order_is_read() -> None:
    events = told(GENUINE["woo"])
    sold = order(events)
    assert (sold.order_no, sold.amount, sold.code) == ("woo-7301", Decimal(120), "a017")
    assert sold.at.isoformat() == "2026-11-21T02:01:00+00:00"
    assert names(sold) == {("phone", "+8613900000002"), ("email", "wei@example.com")}
    assert [touch.kind for touch in touches(events)] == ["redeem", "visit"]


def test_woo_refunds_add_up() -> None:
    refunds = [{"id": 1, "total": "-20.00"}, {"id": 2, "total": "-5.00"}]
    events = told(by_woo(payload("woo_order", refunds=refunds)))
    assert [e.refund_part for e in events if isinstance(e, OrderSeen) and e.state == "refunded"] == [20, 5]
    whole = told(by_woo(payload("woo_order", status="refunded")))
    assert [e.refund_part for e in whole if isinstance(e, OrderSeen) and e.state == "refunded"] == [None]


def test_youzan_trade_is_read() -> None:
    sold = order(told(GENUINE["youzan"]))
    assert (sold.order_no, sold.amount) == ("E20261121100000012300001", Decimal("88.8"))
    assert names(sold) == {("customer_id", "youzan:yz0012345")}
    assert sold.detail == {"number": "160"}
    (back,) = told(by_youzan(payload("youzan_refund"), kind="trade_refund_RefundSuccess"))
    assert isinstance(back, OrderSeen)
    assert (back.order_no, back.refund_part) == (sold.order_no, Decimal(20))


def test_youzan_tests_bring_nothing() -> None:
    body, headers = GENUINE["youzan"]
    assert told((json.dumps(json.loads(body) | {"test": True}).encode(), headers)) == []


def test_douyin_order_is_read_in_fen() -> None:
    sold = order(told(GENUINE["douyin"]))
    assert (sold.order_no, sold.amount, names(sold)) == ("1000001", Decimal(199), {("platform_openid", "ou_1")})
    assert sold.detail == {"number": "7001"}


def test_verified_certificate_is_a_visit() -> None:
    (visit,) = touches(told(by_douyin(payload("douyin_verify"))))
    assert (visit.kind, visit.detail["number"], visit.is_bot) == ("visit", "66001", False)
    assert visit.event_id == "douyin-verify-V1"


@pytest.mark.parametrize(("action", "is_counted"), [("verify", True), ("verify_cancel", False)])
def test_taken_back_certificate_is_noted(action: str, *, is_counted: bool) -> None:
    content = payload("douyin_verify")["content"] | {"action": action}
    (visit,) = touches(told(by_douyin(payload("douyin_verify", content=content))))
    assert visit.is_bot is not is_counted


def test_refunded_certificate_is_a_refund() -> None:
    content = payload("douyin_verify")["content"] | {"action": "refund_success"}
    content["certificate"] |= {"refund_amount": 9950}
    (back,) = told(by_douyin(payload("douyin_verify", content=content)))
    assert isinstance(back, OrderSeen)
    assert (back.order_no, back.refund_part) == ("1000001", Decimal("99.5"))


def test_local_life_calls_are_believed() -> None:
    body, query = b'{"event":"x"}', (("client_key", "abc"), ("timestamp", "1795226580"))
    text = "test-secret&client_key=abc&timestamp=1795226580&http_body=" + body.decode()
    hook = (body, {"x-life-sign": hashlib.sha256(text.encode()).hexdigest()})
    assert STORE.answer(asked(hook, query=query), SETTINGS).accepted
    assert not STORE.answer(asked(hook, query=(("client_key", "other"),)), SETTINGS).accepted


def test_till_orders_are_read_by_mapping() -> None:
    events = told(GENUINE["till"])
    first, second = [event for event in events if isinstance(event, OrderSeen)]
    assert (first.order_no, first.amount) == ("SH01-20261121-0007", Decimal("45.6"))
    assert first.detail == {"code": "A017", "number": "SH01"}
    assert names(first) == {("phone", "+8613900000004"), ("anonymous_id", "SH01202611210007")}
    assert (second.detail, names(second)) == ({"number": "SH01"}, {("anonymous_id", "SH01202611210008")})
    assert first.at.isoformat() == "2026-11-21T04:30:00+00:00"


def test_one_bad_order_costs_itself() -> None:
    bills = payload("pos_orders")["data"]["bills"]
    events = told(by_till({"data": {"bills": [{"bill": {"no": "X"}}, *bills]}}))
    assert len([event for event in events if isinstance(event, OrderSeen)]) == 2
    with pytest.raises(Refused):
        told(by_till({"data": {"bills": [{"bill": {"no": "X"}}]}}))


def test_till_refund_names_its_order() -> None:
    bill = {"bill": {"no": "R1-0001"}, "time": "2026-11-22 12:00:00", "paid": "-10", "refund_of": "SH01-20261121-0007"}
    (back,) = told(by_till({"data": {"bills": [bill]}}))
    assert isinstance(back, OrderSeen)
    assert (back.order_no, back.refund_part) == ("SH01-20261121-0007", Decimal(10))


def test_standard_webhooks_are_believed() -> None:
    settings = StoreSettings.model_validate({"pos_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
    request = Request(
        id="r",
        received_at=AT.fromtimestamp(1614265330, tz=AT.tzinfo),
        body=b'{"test": 2432232314}',
        headers={
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
    )
    assert STORE.answer(request, settings).accepted
    late = request.model_copy(update={"received_at": AT})
    assert not STORE.answer(late, settings).accepted


OF_ID_1 = "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY="
VECTORS: list[tuple[dict[str, Any], bytes, dict[str, str]]] = [
    (
        {"shopify_secret": "hush"},
        b'{"id":1}',
        {"x-shopify-hmac-sha256": OF_ID_1},
    ),
    ({"woo_secret": "hush"}, b'{"id":1}', {"x-wc-webhook-signature": OF_ID_1}),
    (
        {"douyin_client_secret": "test-secret"},
        b'{"event":"verify_webhook","client_key":"abc","content":{"challenge":12345}}',
        {"x-douyin-signature": "97e124eb66020d1fb1299f1d018e0fc476a9da21"},
    ),
    (
        {"youzan_client_id": "cid", "youzan_client_secret": "csec"},
        b'{"client_id":"cid","msg":"%7B%22tid%22%3A%22E1%22%7D","sign":"b3c8b3019f8246ae0bdefdd95e7ec2ee"}',
        {},
    ),
]


@pytest.mark.parametrize(("form", "body", "headers"), VECTORS, ids=["shopify", "woo", "douyin", "youzan"])
def test_vectors_are_believed(form: dict[str, Any], body: bytes, headers: dict[str, str]) -> None:
    settings = StoreSettings.model_validate(form)
    assert STORE.answer(asked((body, headers)), settings).accepted
    assert not STORE.answer(asked((body.replace(b"1", b"2").replace(b"E2", b"E3"), headers)), settings).accepted
