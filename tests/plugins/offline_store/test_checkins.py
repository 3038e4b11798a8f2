"""A form at a place is one visit a day, a receipt joins its order's buyer, a ticked box is consent."""

from datetime import UTC, datetime

import pytest

from core.sdk import Code, ConsentGiven, IdentitySeen, OrderSeen, Placement, Refused, Request, Touch
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from tests.plugins.offline_store.shops import SETTINGS, asked, by_till, payload

STORE = StoreChannel()
CODE = Code(serial="Ab12Cd34", url="https://go.example.com/t/Ab12Cd34")


def posted(*, hour: int = 4, place: str = "p1", **form: str) -> Request:
    at = datetime(2026, 11, 21, hour, tzinfo=UTC)
    return Request(id=f"r{hour}", received_at=at, form=form, code="Ab12Cd34", placement_id=place)


def test_visit_counts_once_a_day() -> None:
    ids = [STORE.parse(request, SETTINGS)[0].event_id for request in (
        posted(phone="13900000001"), posted(phone="139-0000-0001", hour=9), posted(phone="13900000001", hour=17),
        posted(phone="13900000001", place="p2"),
    )]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_receipt_names_the_orders_buyer() -> None:
    bills = STORE.parse(asked(by_till(payload("pos_orders"))), SETTINGS)
    order = next(e for e in bills if isinstance(e, OrderSeen) and e.order_no == "SH01-20261121-0008")
    _, joined = STORE.parse(posted(phone="13900000001", receipt=" sh01 2026 1121 0008"), SETTINGS)
    assert isinstance(joined, IdentitySeen)
    assert set(order.who) < set(joined.who)


def test_ticked_box_is_consent_with_wording() -> None:
    settings = StoreSettings(headline="山野茶事")
    page = STORE.landing(Placement(id="p", name="p"), CODE, settings)
    consent = STORE.parse(posted(phone="13900000001", consent="1"), settings)[-1]
    assert isinstance(consent, ConsentGiven)
    assert consent.wording == page.fields[-1].label.zh
    assert len(STORE.parse(posted(phone="13900000001", consent="1"), StoreSettings(asks_consent=False))) == 1


def test_events_ask_to_check_in() -> None:
    detail = {"place": "event", "gift_zh": "袋", "gift_stock": 3}
    page = STORE.landing(Placement(id="p", name="p", detail=detail), CODE, SETTINGS)
    assert (page.button.en, page.gift_stock, [field.name for field in page.fields]) == (
        "Check in", 3, ["phone", "consent"],
    )  # fmt: skip
    assert page.gift is not None
    assert page.gift.en == "袋"


@pytest.mark.parametrize("stock", [0, None, True, "many", -1])
def test_no_stock_is_no_gift(stock: object) -> None:
    detail = {"place": "event", "gift_zh": "袋", "gift_stock": stock}
    page = STORE.landing(Placement.model_validate({"id": "p", "name": "p", "detail": detail}), CODE, SETTINGS)
    assert (page.gift, page.gift_stock) == (None, 0)


def test_form_without_phone_is_refused() -> None:
    with pytest.raises(Refused):
        STORE.parse(posted(receipt="SH01-0001"), SETTINGS)


def test_ids_tell_nobodys_phone() -> None:
    events = STORE.parse(posted(phone="13900000001", receipt="SH01-0001", consent="1"), SETTINGS)
    assert isinstance(events[0], Touch)
    assert not [event for event in events if "13900000001" in event.event_id]
