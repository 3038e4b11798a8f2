"""Orders of a WeChat shop: the list of what changed in a span of time, then each; or those that a push named."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from pydantic import JsonValue, ValidationError

from core.sdk import Detail, Event, IdentityClaim, Notice, Refused
from core.sdk import vendor_json as told
from core.sdk.leads import full_phone
from plugins.livestream.orders import SoldLive, State
from plugins.livestream.wechat.api import WechatApi
from plugins.livestream.wechat.door import SHOP

PAGE = 20
STATES: dict[str, State] = {
    "10": "placed",
    "12": "placed",
    "13": "placed",
    "20": "paid",
    "21": "paid",
    "30": "paid",
    "100": "paid",
    "200": "refunded",
    "250": "cancelled",
}
"""`status` of an order: 10 unpaid, 20 to be sent, 30 to be received, 100 done, 200 given back, 250 cancelled."""


class OrderPage(NamedTuple):
    """One page of changed orders and where the next one begins."""

    events: list[Event]
    next_key: str
    has_more: bool


def fetch_orders(api: WechatApi, *, start: datetime, end: datetime, next_key: str, app_id: str) -> OrderPage:
    """A page of the orders that changed between `start` and `end`."""
    asked: dict[str, JsonValue] = {
        "update_time_range": {"start_time": int(start.timestamp()), "end_time": int(end.timestamp())},
        "page_size": PAGE,
    }
    if next_key:
        asked["next_key"] = next_key
    page = api.ask("/channels/ec/order/list/get", asked)
    ids = page.get("order_id_list")
    events: list[Event] = []
    for order_id in ids if isinstance(ids, list) else []:
        events += _fetch_order(api, told.plain_text(order_id, limit=100), app_id=app_id, received_at=end)
    return OrderPage(events, told.text(page, "next_key", limit=2000), page.get("has_more") is True)


def fetch_named(api: WechatApi, notices: Sequence[Notice], *, app_id: str, received_at: datetime) -> list[Event]:
    """The orders that pushes named, each once; one that WeChat does not know gives nothing."""
    events: list[Event] = []
    for order_no in dict.fromkeys(notice.key for notice in notices):
        with suppress(Refused):
            events += _fetch_order(api, order_no, app_id=app_id, received_at=received_at)
    return events


def _fetch_order(api: WechatApi, order_no: str, *, app_id: str, received_at: datetime) -> list[Event]:
    answer = api.ask("/channels/ec/order/get", {"order_id": order_no})
    return order_events(told.inner(answer, "order"), app_id=app_id, received_at=received_at)


def order_events(order: dict[str, JsonValue], *, app_id: str, received_at: datetime) -> list[Event]:
    """One order as events; none for one whose state says nothing to us."""
    state, order_no = STATES.get(told.text(order, "status")), told.text(order, "order_id", limit=100)
    if state is None or not order_no:
        return []
    detail = told.inner(order, "order_detail")
    price, paid = told.inner(detail, "price_info"), told.inner(detail, "pay_info")

    def instant(value: JsonValue) -> datetime:
        return told.moment(value, received_at=received_at)

    try:
        sold = SoldLive(
            shop=SHOP,
            order_no=order_no,
            state=state,
            ordered_at=instant(order.get("create_time")),
            paid_at=instant(paid.get("pay_time")) if paid.get("pay_time") else None,
            changed_at=instant(order.get("update_time")),
            amount=_yuan(price.get("order_price")),
            refund=_refunded(order),
            who=tuple(_names(order, detail, app_id)),
            live=_live(detail),
        )
    except ValidationError:
        return []
    return sold.events()


def _names(order: dict[str, JsonValue], detail: dict[str, JsonValue], app_id: str) -> Iterator[IdentityClaim]:
    if openid := told.text(order, "openid", limit=200):
        yield IdentityClaim(kind="openid", value=openid, app=app_id)
    if unionid := told.text(order, "unionid", limit=200):
        yield IdentityClaim(kind="unionid", value=unionid)
    address = told.inner(detail, "delivery_info", "address_info")
    if phone := full_phone(told.text(address, "tel_number")):
        yield IdentityClaim(kind="phone", value=phone)


def _live(detail: dict[str, JsonValue]) -> Detail:
    """Whose account sold it, as far as the order says."""
    for source in told.items(detail.get("source_infos")):
        host, host_id = told.text(source, "account_nickname", limit=200), told.text(source, "account_id", limit=200)
        if host or host_id:
            named: Detail = {"host": host, "host_id": host_id, "sale_channel": told.text(source, "sale_channel")}
            return {name: value for name, value in named.items() if value}
    return {}


def _refunded(order: dict[str, JsonValue]) -> Decimal | None:
    """What went back so far by settled after-sale cases, where the order lists their amounts."""
    cases = told.items(told.inner(order, "aftersale_detail").get("aftersale_order_list"))
    amounts = [_yuan(case.get("refund_amount")) for case in cases if told.text(case, "status") in ("13", "")]
    total = sum((amount for amount in amounts if amount), Decimal(0))
    return total or None


def _yuan(fen: JsonValue) -> Decimal | None:
    digits = told.plain_text(fen)
    return Decimal(digits) / 100 if digits.isascii() and digits.isdigit() and len(digits) < 15 else None


FIRST_LOOK = timedelta(days=7)
"""How far back a new channel looks, and the longest span that one question may cover."""
