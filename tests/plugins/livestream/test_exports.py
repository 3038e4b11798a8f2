"""Exports of Douyin's shop: by column names, whatever the encoding; one order of its sub-orders; sessions."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.sdk import BadRow, Event, OrderSeen, PlacementSeen, Refused, SourceFile, Touch
from plugins.livestream.plugin import LiveChannel
from tests.plugins.livestream.makers import make_settings

HEADER = (
    "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,收件人,收件人手机号,订单提交时间,支付完成时间,订单状态,售后状态,"
    "达人ID,达人昵称,流量体裁,流量渠道"
)
CIPHER = "##wl5M4p+aVb1Qd0==##,$$k3HqZ2x7cF9e$$"
TIMES = "2026-11-21 20:31:05,2026-11-21 20:31:40"
LIVE = "99001,小林,直播,抖音直播"
PAID = f'\t6920000000000000001,="6920000000000000001",龙井,1,128.00,{CIPHER},{TIMES},已完成,-,{LIVE}'
SECOND = f'\t6920000000000000001,="6920000000000000002",红茶,1,72.00,{CIPHER},{TIMES},已关闭,退款成功,{LIVE}'
VIDEO = f"\t6920000000000000009,1,龙井,1,128.00,{CIPHER},2026-11-21 20:31:05,,待发货,,99001,小林,短视频,抖音短视频"
UNPAID = f"\t6920000000000000011,1,龙井,1,99.00,{CIPHER},2026/11/21 20:40,,已关闭,,,,直播,"


def read(tmp_path: Path, *lines: str, encoding: str = "utf-8-sig", **changes: Any) -> list[Event | BadRow]:
    path = tmp_path / "export.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return list(LiveChannel().read_file(SourceFile(name="导出.csv", path=path), make_settings(**changes)))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_order_is_made_of_its_rows(tmp_path: Path, encoding: str) -> None:
    visit, order, refund = read(tmp_path, HEADER, PAID, SECOND, VIDEO, encoding=encoding)
    assert isinstance(visit, Touch)
    assert isinstance(order, OrderSeen)
    assert isinstance(refund, OrderSeen)
    assert (visit.kind, visit.detail["host_id"], visit.detail["host"]) == ("visit", "99001", "小林")
    assert (order.order_no, order.amount, order.state) == ("6920000000000000001", Decimal("200.00"), "paid")
    assert f"{order.at:%Y-%m-%d %H:%M:%S}" == "2026-11-21 12:31:40"
    assert f"{visit.at:%H:%M:%S}" == "12:31:05"
    assert [(one.kind, one.value) for one in order.who] == [("customer_id", "doudian:6920000000000000001")]
    assert (refund.state, refund.refund, refund.amount, refund.who) == ("refunded", Decimal("72.00"), None, ())


def test_unpaid_and_closed_is_cancelled(tmp_path: Path) -> None:
    (visit, order) = read(tmp_path, HEADER, UNPAID)
    assert isinstance(order, OrderSeen)
    assert (order.state, visit.type) == ("cancelled", "touch")


def test_other_formats_are_left_to_others(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER, VIDEO) == []
    (order,) = read(tmp_path, HEADER, VIDEO, export_formats=[])
    assert order.type == "order"


def test_columns_are_found_by_name(tmp_path: Path) -> None:
    lines = ["订单状态,实收,主订单编号,下单时间", "已完成,\t35.5,\t77,2026-11-21 20:00:00"]
    (order,) = read(tmp_path, *lines, export_columns=["订单应付金额=实收"])
    assert isinstance(order, OrderSeen)
    assert (order.order_no, order.amount) == ("77", Decimal("35.5"))
    with pytest.raises(Refused, match="订单应付金额"):
        read(tmp_path, *lines)


def test_bad_rows_are_told_and_cost_their_order(tmp_path: Path) -> None:
    broken = SECOND.replace("72.00", "很多")
    told = read(tmp_path, HEADER, PAID, broken, UNPAID)
    assert [one.type for one in told] == ["bad_row", "touch", "order"]
    assert isinstance(told[0], BadRow)
    assert (told[0].line, told[0].reason) == (3, "订单应付金额 is no amount: 很多")


def test_plain_phones_name_their_buyer(tmp_path: Path) -> None:
    plain = PAID.replace("$$k3HqZ2x7cF9e$$", "13900000001")
    (_, order) = read(tmp_path, HEADER, plain)
    assert isinstance(order, OrderSeen)
    assert [one.kind for one in order.who] == ["customer_id", "phone"]


def test_sessions_become_placements(tmp_path: Path) -> None:
    header = "主播昵称,主播抖音号,直播开始时间,直播结束时间,直播时长(分钟)"
    rows = [
        "小林,linlin88,2026-11-21 20:03:10,2026-11-21 22:00:00,117",
        "小周,,2026-11-22 20:00,,90.5",
        "小周,,2026-11-23 20:00:00,2026-11-23 19:00:00,",
        "小吴,,昨天,,",
    ]
    first, second, third, fourth = read(tmp_path, header, *rows)
    assert isinstance(first, PlacementSeen)
    assert isinstance(second, PlacementSeen)
    assert (first.name, first.detail) == (
        "小林 2026-11-21 20:03",
        {"platform": "douyin", "host": "小林", "host_id": "linlin88"},
    )
    assert second.ends_at is not None
    assert f"{second.ends_at:%H:%M:%S}" == "13:30:30"
    assert [one.type for one in (third, fourth)] == ["bad_row", "bad_row"]


def test_other_tables_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="主订单编号"):
        read(tmp_path, "a,b", "1,2")
    with pytest.raises(Refused, match="no rows"):
        read(tmp_path, HEADER)
