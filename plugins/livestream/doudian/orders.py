"""Rows of an order export as one order. Recipients are ciphertext there: the order's number names its buyer."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from core.sdk import Detail, IdentityClaim
from core.sdk.leads import full_phone
from plugins.livestream.doudian.times import read_instant
from plugins.livestream.orders import SoldLive, State, read_amount, read_state

SHOP = "doudian"
GIVEN_BACK = ("退款成功", "已退款", "退款完成", "已全额退款")
LIVE = "直播"
TRAFFIC = ("流量体裁", "流量渠道", "流量来源", "流量类型")


class OrderRow(NamedTuple):
    """One sub-order."""

    state: State
    amount: Decimal
    ordered_at: datetime
    paid_at: datetime | None
    is_given_back: bool
    phone: str
    traffic: Detail


def read_row(row: dict[str, str]) -> OrderRow:
    """One row by standard names. Raises ValueError naming the cell that cannot be read."""
    state = read_state(row["订单状态"])
    if state is None:
        raise ValueError(f"订单状态 is none that is known: {row['订单状态'][:20]}")
    amount = read_amount(row["订单应付金额"])
    if amount is None:
        raise ValueError(f"订单应付金额 is no amount: {row['订单应付金额'][:20]}")
    paid = read_instant(row, "支付完成时间") if row.get("支付完成时间") else None
    return OrderRow(
        state=state,
        amount=amount,
        ordered_at=read_instant(row, "订单提交时间"),
        paid_at=paid,
        is_given_back=row.get("售后状态", "") in GIVEN_BACK or (state == "cancelled" and paid is not None),
        phone=full_phone(row.get("收件人手机号", "")),
        traffic=_traffic(row),
    )


def rows_to_order(order_no: str, rows: Sequence[OrderRow]) -> SoldLive:
    """The order that these sub-orders make up: paid unless all went back, or nobody ever paid."""
    total = sum((row.amount for row in rows), Decimal(0))
    back = sum((row.amount for row in rows if row.is_given_back), Decimal(0))
    phone = next((row.phone for row in rows if row.phone), "")
    number = IdentityClaim(kind="customer_id", value=f"{SHOP}:{order_no}")
    traffic = rows[0].traffic
    return SoldLive(
        shop=SHOP,
        order_no=order_no,
        state=_state(rows),
        ordered_at=min(row.ordered_at for row in rows),
        paid_at=min((row.paid_at for row in rows if row.paid_at), default=None),
        amount=total,
        refund=back or None,
        who=(number, IdentityClaim(kind="phone", value=phone)) if phone else (number,),
        live=traffic if traffic.get("流量体裁", LIVE) == LIVE and traffic else {},
        detail=traffic,
    )


def _state(rows: Sequence[OrderRow]) -> State:
    if all(row.is_given_back for row in rows):
        return "refunded"
    states = {row.state for row in rows if not row.is_given_back}
    if "paid" in states:
        return "paid"
    return "placed" if "placed" in states else "cancelled"


def _traffic(row: dict[str, str]) -> Detail:
    named: Detail = {"host_id": row.get("达人ID", ""), "host": row.get("达人昵称", "")}
    named |= {name: row.get(name, "") for name in TRAFFIC}
    return {name: str(value)[:200] for name, value in named.items() if value}
