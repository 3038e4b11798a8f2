"""Which column of a file is what: said by a flag, or guessed from its header."""

import re
from collections.abc import Mapping, Sequence

from core.errors import Invalid

CONTACT = """contact contact_id contact_number customer customer_id user user_id userid uid member member_id client_id
    unionid openid external_userid phone email 客户 客户id 客户编号 用户 用户id 会员 会员id 会员号 手机 手机号"""
TIME = """time timestamp ts at datetime date_time event_time touch_time occurred_at created_at date
    时间 触点时间 发生时间 日期"""
ORDER_TIME = (
    f"placed_at order_time ordered_at order_date paid_at conversion_time 下单时间 付款时间 支付时间 成交时间 {TIME}"
)
CHANNEL = "channel channel_name source utm_source traffic_source 渠道 渠道名称 来源 流量来源"
VALUE = """value order_value conversion_value amount order_amount revenue total total_amount price gmv
    金额 订单金额 实付金额 实付 销售额 成交金额"""

GUESSES: Mapping[str, str] = {
    "contact": CONTACT,
    "time": TIME,
    "channel": CHANNEL,
    "kind": "kind touch_kind interaction 类型 触点类型",
    "order.contact": CONTACT,
    "order.time": ORDER_TIME,
    "value": VALUE,
    "path": "path journey 路径",
    "conversions": "total_conversions conversions 转化 转化数",
    "conversion_value": "total_conversion_value conversion_value total_value value 转化金额 金额",
    "nulls": "total_null total_nulls nulls null 未转化",
}


def find_columns(
    header: Sequence[str], *, wanted: Sequence[str], optional: Sequence[str], said: Mapping[str, str], name: str
) -> dict[str, str]:
    """Field -> column of the file called `name`. `said` wins over the guess; a field neither said nor found is an
    error unless it is optional."""
    found = {}
    for field in (*wanted, *optional):
        column = said.get(field)
        if column is None and field == "order.contact" and said.get("contact") in header:
            column = said["contact"]
        if column is None:
            column = _guess_column(header, field)
        elif column not in header:
            raise Invalid(f"{name}: there is no column {column!r}; there are {', '.join(header)[:300]}")
        if column is not None:
            found[field] = column
        elif field in wanted:
            raise Invalid(
                f"{name}: which column is the {field}? There are {', '.join(header)[:300]}; say --column {field}=NAME"
            )
    return found


def _guess_column(header: Sequence[str], field: str) -> str | None:
    plain = {re.sub(r"[\s\-]+", "_", column.strip().lower()): column for column in header}
    return next((plain[guess] for guess in GUESSES[field].split() if guess in plain), None)
