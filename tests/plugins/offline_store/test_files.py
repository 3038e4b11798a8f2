"""A till's export is read whatever its encoding and column names, and orders of several lines are added up."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.sdk import Event, OrderSeen, Refused, SourceFile
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from tests.plugins.offline_store.shops import SETTINGS, asked, by_till, payload

EXPORT = """流水号,门店编号,交易时间,金额,手机号,导购,商品编码,数量
\tSH01-0001,SH01,2026-11-21 12:00:00,20.00,13900000001,A017,LJ50,1
\tSH01-0001,SH01,2026-11-21 12:00:00,15.50,13900000001,A017,ML30,1
\tSH01-0002,SH01,2026/11/21 12:05:00,"1,200.00",,,LJ50,10
"""


def read(path: Path, text: str, encoding: str = "utf-8", **form: object) -> list[Event]:
    path.write_bytes(text.encode(encoding))
    return list(StoreChannel().read_file(SourceFile(name=path.name, path=path), StoreSettings.model_validate(form)))


def orders(events: list[Event]) -> list[OrderSeen]:
    return [event for event in events if isinstance(event, OrderSeen)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_lines_of_an_order_add_up(tmp_path: Path, encoding: str) -> None:
    first, second = orders(read(tmp_path / "e.csv", EXPORT, encoding))
    assert (first.order_no, first.amount, first.code) == ("SH01-0001", Decimal("35.5"), "A017")
    assert (second.order_no, second.amount, second.detail) == ("SH01-0002", Decimal(1200), {"number": "SH01"})


def test_repeated_totals_count_once(tmp_path: Path) -> None:
    first, _ = orders(read(tmp_path / "e.csv", EXPORT, pos_amount="order"))
    assert first.amount == 20


def test_own_names_win_over_habits(tmp_path: Path) -> None:
    text = "no,when,sum\nABC-1,2026-11-21T12:00:00+08:00,3\n"
    fields = ["order_no=no", "paid_at=when", "amount=sum"]
    (only,) = orders(read(tmp_path / "e.csv", text, pos_fields=fields))
    assert (only.order_no, only.amount, only.at.hour) == ("ABC-1", Decimal(3), 4)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="amount"):
        read(tmp_path / "e.csv", "流水号,交易时间\n1,2\n")


def test_bad_order_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="SH01-0002"):
        read(tmp_path / "e.csv", EXPORT.replace("1,200.00", "much"))


def test_empty_file_brings_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "e.csv", "流水号,交易时间,金额\n") == []


def test_file_and_webhook_tell_the_same(tmp_path: Path) -> None:
    header = "order_no,store_id,paid_at,amount,code,phone"
    text = f"{header}\nSH01-20261121-0007,SH01,2026-11-21 12:30:00,45.60,A017,13900000004\n"
    hook = StoreChannel().parse(asked(by_till(payload("pos_orders"))), SETTINGS)
    assert [e for e in hook if "0007" in e.event_id] == read(tmp_path / "e.csv", text)
