"""Orders of Douyin's shop (抖店): one row a sub-order, with the traffic that each came by.

Recipients are ciphertext there, so the order's number names its buyer; a card or a claim page joins them later.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Literal, NamedTuple

from core.sdk import BadRow, Detail, Event, IdentityClaim, OrderSeen, Touch, local_instant
from core.sdk.leads import full_phone
from plugins.short_video.exported.columns import need_columns
from plugins.short_video.settings import VideoSettings

SHOP = "doudian"
State = Literal["placed", "paid", "cancelled"]
UNPAID = ("待支付", "待付款", "未支付", "待确认")
PAID = (
    *("已支付", "待发货", "备货中", "部分发货", "已发货"),
    *("待收货", "已签收", "已完成", "交易成功"),
)
STATES: dict[str, State] = {
    **dict.fromkeys(UNPAID, "placed"),
    **dict.fromkeys(PAID, "paid"),
    **dict.fromkeys(("已关闭", "已取消", "交易关闭"), "cancelled"),
}
GIVEN_BACK = ("退款成功", "已退款", "退款完成", "已全额退款")
Row = Mapping[str, str]


class SubOrder(NamedTuple):
    """One row."""

    state: State
    amount: Decimal
    at: datetime
    is_given_back: bool


def read_orders(rows: Iterable[tuple[int, Row]], columns: Row, settings: VideoSettings) -> Iterator[Event | BadRow]:
    """The orders of the file that came by these formats. Sub-orders of one order stand together and are one order."""
    need_columns(columns, ["订单应付金额", "订单提交时间", "订单状态"])
    for order_no, group in groupby(rows, key=lambda pair: pair[1]["主订单编号"].strip()):
        some = list(group)
        formats = settings.order_formats
        if formats and "流量体裁" in columns and some[0][1]["流量体裁"] not in formats:
            continue
        yield from _read_order(order_no, some)


def _read_order(order_no: str, group: list[tuple[int, Row]]) -> Iterator[Event | BadRow]:
    """A part that cannot be read refuses the order: stored without it, its sum would be wrong."""
    read: list[SubOrder] = []
    for line, row in group:
        try:
            read.append(_read_row(row))
        except (ValueError, InvalidOperation) as error:
            yield BadRow(line=line, reason=str(error)[:200] or "cannot be read")
    if not order_no:
        yield BadRow(line=group[0][0], reason="主订单编号 is empty")
    elif len(read) == len(group):
        yield from _events(order_no[:150], read, group[0][1])


def _read_row(row: Row) -> SubOrder:
    state = STATES.get(row["订单状态"].strip())
    if state is None:
        raise ValueError(f"订单状态 is none that is known: {row['订单状态'][:20]}")
    amount = Decimal(row["订单应付金额"].replace(",", "").lstrip("¥￥").strip())
    if not amount.is_finite() or not 0 <= amount < 10**12:
        raise ValueError(f"订单应付金额 is no amount: {row['订单应付金额'][:20]}")
    paid = row.get("支付完成时间", "").strip()
    is_given_back = row.get("售后状态", "").strip() in GIVEN_BACK or (state == "cancelled" and bool(paid))
    return SubOrder(state, amount, _instant(paid or row["订单提交时间"]), is_given_back)


def _events(order_no: str, rows: list[SubOrder], first: Row) -> Iterator[Event]:
    """The visit by the video, the order, and what went back of it: each with an id of its own for ever."""
    at, total = min(row.at for row in rows), sum((row.amount for row in rows), Decimal(0))
    back = sum((row.amount for row in rows if row.is_given_back), Decimal(0))
    number = IdentityClaim(kind="customer_id", value=f"{SHOP}:{order_no}")
    phone = full_phone(first.get("收件人手机号", ""))
    who = (number, IdentityClaim(kind="phone", value=phone)) if phone else (number,)
    key, detail = f"{SHOP}-{order_no}", _traffic(first)
    yield Touch(event_id=f"visit-{key}", at=at, who=who, kind="visit", detail=detail)
    state = _state(rows)
    yield OrderSeen(
        event_id=f"order-{key}-{state}",
        at=at,
        who=who,
        order_no=order_no,
        state=state,
        amount=total,
        refund=total if state == "refunded" else None,
        detail=detail,
    )
    if back and state == "paid":
        yield OrderSeen(event_id=f"refund-{key}-{back}", at=at, order_no=order_no, state="refunded", refund=back)


def _state(rows: list[SubOrder]) -> Literal["placed", "paid", "refunded", "cancelled"]:
    if all(row.is_given_back for row in rows):
        return "refunded"
    states = {row.state for row in rows if not row.is_given_back}
    return "paid" if "paid" in states else "placed" if "placed" in states else "cancelled"


def _traffic(row: Row) -> Detail:
    told = {"item_id": "视频ID", "author_id": "达人ID", "author": "达人昵称", "format": "流量体裁"}
    told |= {"source": "流量来源", "flow_type": "流量类型"}
    return {name: row[column].strip()[:200] for name, column in told.items() if row.get(column, "").strip()}


def _instant(written: str) -> datetime:
    for layout in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            return local_instant(written.replace("/", "-"), layout=layout)
        except (ValueError, OverflowError):
            continue
    raise ValueError(f"is no time: {written[:30]}")
