"""One row of a packing list, as spreadsheets and warehouses write it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.cards.packing import find_columns, read_card
from core.ingest.reasons import Refused
from core.ingest.sniff import NotReadable

ZONE = ZoneInfo("Asia/Shanghai")
SERIAL = "B1FPVYDDES6F5ZK9KT"


def test_columns_are_found_in_two_languages() -> None:
    chinese = find_columns(["卡号", "订单编号", "商家编码", "发货时间"])
    assert chinese == {"number": 0, "order_no": 1, "sku": 2, "shipped_at": 3}
    assert find_columns(["Serial", "Order No"]) == {"serial": 0, "order_no": 1}


def test_list_about_something_else_is_refused() -> None:
    with pytest.raises(NotReadable, match="at least one of the columns"):
        find_columns(["name", "age"])


def test_row_is_read_whole() -> None:
    columns = find_columns(["serial", "order_no", "sku", "sequence", "shipped_at"])
    card = read_card(
        2, [f"{SERIAL[:6]}-{SERIAL[6:]}".lower(), '="4711"', "A-100", "12", "2026-11-05 08:00"], columns, zone=ZONE
    )
    assert (card.serial, card.order_no, card.sku, card.sequence) == (SERIAL, "4711", "A-100", 12)
    assert card.shipped_at == datetime(2026, 11, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["", "1", ""], "missing"),
        ([SERIAL[::-1], "1", ""], "mistyped_serial"),
        ([SERIAL, "1" * 101, ""], "too_long"),
        ([SERIAL, "a\x07b", ""], "bad_text"),
        ([SERIAL, "1", "yesterday"], "bad_time"),
        ([], "missing"),
    ],
)
def test_bad_rows_are_refused_by_name(cells: list[str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_card(2, cells, find_columns(["serial", "order_no", "shipped_at"]), zone=ZONE)
    assert refusal.value.reason.code == code


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "１", "9" * 400])
def test_card_numbers_are_whole(number: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_card(2, [number], find_columns(["number"]), zone=ZONE)
    assert refusal.value.reason.code == "bad_number"
