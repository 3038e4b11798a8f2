"""Exports are read by the names of their columns, whatever their order, encoding and habits."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.sdk import BadRow, Event, Figures, OrderSeen, Refused, SourceFile, Touch
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings

Read = Callable[..., list[Event | BadRow]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(
        text: str, *, name: str = "file.csv", encoding: str = "utf-8-sig", **settings: Any
    ) -> list[Event | BadRow]:
        path = tmp_path / "file"
        path.write_bytes(text.encode(encoding))
        given = VideoSettings.model_validate(settings)
        return list(ShortVideo().read_file(SourceFile(name=name, path=path), given))

    return read


def figures(found: list[Event | BadRow]) -> list[Figures]:
    return [one for one in found if isinstance(one, Figures)]


def test_days_of_videos_are_read(read: Read) -> None:
    found = read(
        '日期,播放量,作品ID,作品标题,涨粉量,消耗\n2026/11/20,1.2万,\t7391,新茶,36,"1,250.50"\n2026-11-21,"12,345",7391,新茶,-,\n'
    )
    first, second = figures(found)
    assert first.counts == {"views": 12_000, "followers": 36}
    assert (first.day, first.spend) == (date(2026, 11, 20), Decimal("1250.50"))
    assert first.detail == {"item_id": "7391", "campaign": "新茶"}
    assert (second.counts, second.spend) == ({"views": 12_345}, None)


def test_totals_are_dated_by_the_file(read: Read) -> None:
    text = "视频标题,播放次数,点赞数\n新茶,900,8\n"
    (one,) = figures(read(text, name="抖音作品_2026-11-21.csv", encoding="gb18030"))
    assert (one.day, one.at) == (None, datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC))
    (two,) = figures(read("Video title,Views,Exported at\n新茶,900,2026-11-22 08:00:00\n"))
    assert two.at == datetime(2026, 11, 22, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="20261121"):
        read(text)


def test_renamed_columns_are_told(read: Read) -> None:
    (one,) = figures(read("标题,日期,看过\nA,2026-11-21,5\n", export_columns=["播放量=看过"]))
    assert one.counts == {"views": 5}
    with pytest.raises(Refused, match="播放量"):
        read("标题,日期,看过\nA,2026-11-21,5\n")


def test_bad_rows_cost_only_themselves(read: Read) -> None:
    found = read(
        "视频ID,日期,播放量\na,2026-11-21,many\n,2026-11-21,5\nb,2026-13-01,5\nc,2026-11-21,-5\nd,2026-11-21,5\n"
    )
    assert [type(one).__name__ for one in found] == ["BadRow", "BadRow", "BadRow", "BadRow", "Figures"]
    assert [one.line for one in found if isinstance(one, BadRow)] == [2, 3, 4, 5]


COLUMNS = "主订单编号,子订单编号,订单应付金额,订单提交时间,支付完成时间,订单状态,售后状态,收件人手机号,达人ID,流量体裁"
TIMES = "2026-11-21 10:00:00,2026-11-21 10:01:00"
ORDERS = f"""{COLUMNS}
\t6001,\t6001,100.00,{TIMES},已完成,,$$abc==,kol1,短视频
\t6002,\t6002,80.00,{TIMES},已完成,,13900000002,kol1,短视频
\t6002,\t6003,20.00,{TIMES},已关闭,退款成功,13900000002,kol1,短视频
\t6004,\t6004,50.00,{TIMES},已完成,,,kol2,直播
\t6005,\t6005,x,2026-11-21 10:00:00,,待支付,,,kol1,短视频
"""


def test_orders_of_short_videos_are_read(read: Read) -> None:
    found = read(ORDERS, encoding="gb18030")
    orders = [one for one in found if isinstance(one, OrderSeen)]
    assert [(one.order_no, one.state, one.amount, one.refund) for one in orders] == [
        ("6001", "paid", Decimal(100), None),
        ("6002", "paid", Decimal(100), None),
        ("6002", "refunded", None, Decimal(20)),
    ]
    visits = [one for one in found if isinstance(one, Touch)]
    assert [claim.kind for claim in visits[0].who] == ["customer_id"]
    assert [claim.kind for claim in visits[1].who] == ["customer_id", "phone"]
    assert visits[0].detail["author_id"] == "kol1"
    assert [one.line for one in found if isinstance(one, BadRow)] == [6]
    assert len([one for one in read(ORDERS, order_formats=[]) if isinstance(one, OrderSeen)]) == 4


def test_same_file_tells_the_same(read: Read) -> None:
    assert read(ORDERS) == read(ORDERS)


def test_empty_file_is_refused(read: Read) -> None:
    with pytest.raises(Refused):
        read("主订单编号,订单应付金额\n")
    with pytest.raises(Refused, match="订单提交时间"):
        read("主订单编号,订单应付金额\n1,2\n")
