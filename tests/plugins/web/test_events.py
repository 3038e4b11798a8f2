"""Calls of the Segment protocol become visits, orders and identities."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.sdk import Event, IdentitySeen, OrderSeen, Refused, Request, Touch
from plugins.web.plugin import WebChannel
from plugins.web.settings import WebSettings

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
SHOP = "https://shop.example.com/p"


def parse(call: object, **settings: Any) -> list[Event]:
    request = Request(id="r1", received_at=AT, body=json.dumps(call).encode())
    return WebChannel().parse(request, WebSettings.model_validate(settings))


def one(call: dict[str, Any], **settings: Any) -> Any:
    (event,) = parse({"messageId": "m1", "anonymousId": "a1"} | call, **settings)
    return event


def page(url: str = SHOP, **context: Any) -> dict[str, Any]:
    return {"type": "page", "context": {"page": {"url": url}} | context}


def test_page_with_campaign_is_marked() -> None:
    touch = one(page(f"{SHOP}?utm_source=card&gclid=1"))
    assert isinstance(touch, Touch)
    assert touch.kind == "visit"
    assert touch.detail == {"utm_source": "card", "gclid": "1", "is_marked": True}


def test_plain_page_is_an_unmarked_visit() -> None:
    assert one(page()).detail == {"is_marked": False}


def test_campaign_names_the_placement() -> None:
    assert one(page(f"{SHOP}?utm_campaign=p1")).detail["campaign"] == "p1"


def test_tracked_code_reaches_the_touch() -> None:
    assert one(page(f"{SHOP}?siyu_code=Ab12Cd34")).code == "Ab12Cd34"


def test_track_without_a_source_is_nothing() -> None:
    assert parse({"type": "track", "event": "Clicked", "anonymousId": "a"}) == []
    assert one({"type": "track", "event": "Clicked", "context": {"campaign": {"source": "card"}}}).kind == "visit"


@pytest.mark.parametrize(
    ("event", "state"), [("Order Completed", "placed"), ("Order Paid", "paid"), ("Order Cancelled", "cancelled")]
)
def test_order_events_become_orders(event: str, state: str) -> None:
    order = one({"type": "track", "event": event, "properties": {"order_id": 5001, "total": 99.1, "currency": "CNY"}})
    assert isinstance(order, OrderSeen)
    assert (order.order_no, order.state, str(order.amount), order.currency) == ("5001", state, "99.1", "CNY")


def test_refund_says_what_went_back() -> None:
    order = one({"type": "track", "event": "Order Refunded", "properties": {"order_id": "1", "total": "10.00"}})
    assert (order.amount, str(order.refund)) == (None, "10.00")


@pytest.mark.parametrize(
    "told",
    [{}, *({"order_id": "1", "total": total} for total in ("much", "-5", "1e99"))],
)
def test_unusable_orders_are_refused(told: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        one({"type": "track", "event": "Order Completed", "properties": told})


def test_identify_joins_the_names() -> None:
    seen = one({"type": "identify", "userId": "u1", "traits": {"city": "杭州", "phone": "+8613900000001", "x": {}}})
    assert isinstance(seen, IdentitySeen)
    assert [(claim.kind, claim.value) for claim in seen.who] == [("customer_id", "u1"), ("anonymous_id", "a1")]
    assert seen.traits == {"city": "杭州", "phone": "+8613900000001"}


@pytest.mark.parametrize("place", ["traits", "context"])
@pytest.mark.parametrize("name", ["invited_by", "invitedBy"])
def test_identify_tells_of_the_inviter(place: str, name: str) -> None:
    seen = one({"type": "identify", "userId": "u1", place: {name: "13800000001"}})
    assert isinstance(seen, IdentitySeen)
    assert (seen.invited_by, seen.traits) == ("13800000001", {})


def test_phone_counts_only_when_trusted() -> None:
    call = {"type": "identify", "userId": "u1", "traits": {"phone": "+8613900000001"}}
    assert "phone" in {claim.kind for claim in one(call, is_phone_trusted=True).who}


def test_alias_joins_the_former_name() -> None:
    seen = one({"type": "alias", "userId": "u1", "previousId": "old"})
    assert ("anonymous_id", "old") in {(claim.kind, claim.value) for claim in seen.who}


def test_wrong_clocks_are_put_right() -> None:
    call = page() | {"timestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:00:10Z"}
    assert one(call).at == AT - timedelta(seconds=10)


@pytest.mark.parametrize("stamp", ["2099-01-01T00:00:00Z", "99999-01-01", "yesterday", 7, None])
def test_impossible_times_are_arrival(stamp: object) -> None:
    assert one(page() | {"timestamp": stamp}).at == AT


def test_batch_keeps_its_good_calls() -> None:
    good = {"messageId": "m2", "anonymousId": "a"} | page()
    events = parse({"batch": [{"type": "dance", "anonymousId": "a"}, good, {"type": "page"}, 7]})
    assert [event.event_id for event in events] == ["m2"]


def test_call_without_id_takes_the_requests() -> None:
    assert parse({"anonymousId": "a"} | page())[0].event_id == "r1"


@pytest.mark.parametrize("call", [{"type": "page"}, {"type": "dance", "userId": "u"}, [], 7])
def test_calls_that_say_nothing_are_refused(call: object) -> None:
    with pytest.raises(Refused):
        parse(call)
