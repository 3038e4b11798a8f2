"""An order of a live shop as events: the order, what went back of it, and the visit that its buyer came by."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Literal

from core.sdk import Detail, Event, Frozen, IdentityClaim, OrderSeen, Touch

State = Literal["placed", "paid", "refunded", "cancelled"]
STATES: dict[State, tuple[str, ...]] = {
    "placed": ("placed", "created", "pending", "unpaid", "待支付", "待付款", "未支付", "待确认"),
    "paid": (
        *("paid", "shipped", "delivered", "completed", "finished", "success", "待发货", "备货中", "部分发货"),
        *("已支付", "已付款", "已发货", "待收货", "已签收", "已完成", "交易成功"),
    ),
    "refunded": ("refunded", "refund", "已退款", "退款成功", "退款完成", "全额退款"),
    "cancelled": ("cancelled", "canceled", "closed", "已取消", "已关闭", "交易关闭", "取消"),
}
_BY_WORD: dict[str, State] = {word: state for state, words in STATES.items() for word in words}


def read_state(text: str) -> State | None:
    """Our word for a vendor's state; None for one that nobody named."""
    return _BY_WORD.get(text.strip().casefold())


def read_amount(text: str) -> Decimal | None:
    """Money as it stands in a cell; None for none."""
    try:
        amount = Decimal(text.replace(",", "").replace("，", "").lstrip("¥￥").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**12 else None


def number_of(order_no: str, shop: str) -> IdentityClaim:
    """The order's number as a name of its buyer: where a shop masks phones, a card or a claim page joins by it."""
    return IdentityClaim(kind="customer_id", value=f"{shop}:{order_no}")


class SoldLive(Frozen):
    """One order. `live` says which session it came from (host, room) and is empty for one that came by none."""

    shop: str
    order_no: str
    state: State
    ordered_at: datetime
    paid_at: datetime | None = None
    changed_at: datetime | None = None
    amount: Decimal | None = None
    refund: Decimal | None = None
    who: tuple[IdentityClaim, ...] = ()
    live: Detail = {}
    detail: Detail = {}

    def events(self) -> list[Event]:
        """The visit first, then the order, then what went back of it; each with an id of its own for ever.

        A partial refund is told with no names and no amount: it changes the order that is there.
        """
        key, who = f"{self.shop}-{self.order_no}", self.who or (number_of(self.order_no, self.shop),)
        events: list[Event] = []
        if self.live:
            visit = Touch(event_id=f"visit-{key}", at=self.ordered_at, who=who, kind="visit", detail=self.live)
            events.append(visit)
        changed = self.changed_at or self.paid_at or self.ordered_at
        is_partly = self.state == "paid" and bool(self.refund)
        events.append(
            OrderSeen(
                event_id=f"order-{key}-{self.state}",
                at=self.paid_at or self.ordered_at,
                who=who,
                order_no=self.order_no,
                state=self.state,
                amount=self.amount,
                refund=self.refund if self.state == "refunded" else None,
                detail={**self.live, **self.detail},
            )
        )
        if is_partly:
            events.append(
                OrderSeen(
                    event_id=f"refund-{key}-{self.refund}",
                    at=changed,
                    order_no=self.order_no,
                    state="refunded",
                    refund=self.refund,
                )
            )
        return events
