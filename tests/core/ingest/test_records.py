"""A row becomes a touch, an order, a contact or a cost exactly, or is refused with the column's name."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.ingest.fields import ImportKind
from core.ingest.mapping import Mapping
from core.ingest.reasons import TEXTS, Refused
from core.ingest.records import Record, Setting, Who, build_reader

AD_HEADER = ["customer_id", "time", "interaction", "conversion", "conversion_value", "channel"]
AD_COLUMNS = dict(zip(["customer_id", "at", "kind", "is_order", "amount", "channel"], AD_HEADER, strict=True))


def read(
    cells: list[str], *, kind: ImportKind = "touchpoints", columns: dict[str, str] | None = None, **more: Any
) -> Record:
    columns = columns or AD_COLUMNS
    setting = Setting(kind, Mapping(columns=columns, **more), ZoneInfo("Asia/Shanghai"), "CNY")
    return build_reader(setting, header=list(columns.values()))(cells)


def refusal(cells: list[str], **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        read(cells, **more)
    assert caught.value.reason.zh
    assert caught.value.reason.en
    return caught.value.reason.code


def test_conversion_row_is_touch_and_order() -> None:
    found = read(["A1", "2018-07-06T19:15:57Z", "conversion", "1", "7.5", "Instagram"])
    assert found.touch == "conversion"
    assert found.order is not None
    assert (found.order.amount_minor, found.order.currency) == (750, "CNY")
    assert found.who == (Who("customer_id", "A1"),)
    assert found.at == datetime(2018, 7, 6, 19, 15, 57, tzinfo=UTC)


def test_impression_row_is_only_touch() -> None:
    assert read(["A1", "2018-07-06T19:15:57Z", "impression", "0", "0", "Instagram"]).order is None


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-03-01 20:00:00", 12),
        ("2026/3/1 20:00", 12),
        ("2026年3月1日 20:00", 12),
        ("2026-03-01T20:00:00+08:00", 12),
        ("2026-03-01T20:00:00.123Z", 20),
        ("20260301200000", 12),
        ("1772366400", 12),
        ("1772366400000", 12),
    ],
)
def test_naive_times_are_the_brands(text: str, hour: int) -> None:
    at = read(["A1", text, "click", "0", "0", "x"]).at
    assert at is not None
    assert (at.day, at.hour) == (1, hour)


AMOUNT = {"amount": "a", "at": "t", "phone": "p"}


@pytest.mark.parametrize(
    ("text", "minor"), [("¥1,234.50", 123450), ("7", 700), ("7.500", 750), ("0", 0), ("12元", 1200)]
)
def test_amounts_become_minor_units_exactly(text: str, minor: int) -> None:
    order = read([text, "2026-01-01", "13800138000"], kind="orders", columns=AMOUNT).order
    assert order is not None
    assert order.amount_minor == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7.505", "too_many_decimals"),
        ("NaN", "bad_amount"),
        ("Infinity", "bad_amount"),
        ("1e5", "bad_amount"),
        ("1,23", "bad_amount"),
        ("9" * 29, "amount_out_of_range"),
        ("9" * 5000, "bad_amount"),
        ("-1", "amount_out_of_range"),
        ("", "missing"),
        ("٣", "bad_amount"),
    ],
)
def test_inexact_amounts_are_refused_by_name(text: str, code: str) -> None:
    assert refusal([text, "2026-01-01", "13800138000"], kind="orders", columns=AMOUNT) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("99999-01-01", "time_out_of_range"),
        ("99999-01-01T00:00:00Z", "time_out_of_range"),
        ("0001-01-01 00:00:00", "time_out_of_range"),
        ("1890-01-01 00:00:00", "time_out_of_range"),
        ("2026-02-30", "bad_time"),
        ("9999999999999", "time_out_of_range"),
        ("yesterday", "bad_time"),
        ("2026-01-01T00:00:00+99:99", "bad_time"),
        ("", "missing"),
        ("NaN", "bad_time"),
    ],
)
def test_impossible_times_are_refused(text: str, code: str) -> None:
    assert refusal(["A1", text, "click", "0", "0", "x"]) == code


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["A1", "2026-01-01", "click", "0", "0"], "cell_count"),
        (["A1", "2026-01-01", "click", "0", "0", "x", "y"], "cell_count"),
        (["", "2026-01-01", "click", "0", "0", "x"], "no_identity"),
        (["A1", "2026-01-01", "dance", "0", "0", "x"], "bad_kind"),
        (["A1", "2026-01-01", "click", "perhaps", "0", "x"], "bad_flag"),
        (["A1", "2026-01-01", "click", "0", "0", ""], "missing"),
        (["A" * 300, "2026-01-01", "click", "0", "0", "x"], "too_long"),
        (["A\x07", "2026-01-01", "click", "0", "0", "x"], "bad_text"),
        (["A1", "2026-01-01", "click", "0", "0", "x" * 101], "too_long"),
    ],
)
def test_unusable_rows_say_why(cells: list[str], code: str) -> None:
    assert refusal(cells) == code


def test_channel_and_kind_may_be_fixed() -> None:
    found = read(["2026-01-01", "13800138000"], columns={"at": "t", "phone": "p"}, channel="抖音", touch_kind="scan")
    assert (found.channel, found.touch) == ("抖音", "scan")


def test_foreign_currency_is_refused_by_name() -> None:
    columns = AMOUNT | {"currency": "c"}
    assert refusal(["5", "2026-01-01", "13800138000", "USD"], kind="orders", columns=columns) == "other_currency"


def test_contact_tags_are_split_once() -> None:
    found = read(["13800138000", "老客、 vip,老客"], kind="contacts", columns={"phone": "p", "tags": "g"})
    assert found.tags == ("老客", "vip")


def test_cost_day_is_the_local_day() -> None:
    columns = {"at": "d", "channel": "c", "cost": "m"}
    found = read(["2026-01-01T20:00:00Z", "百度", "30.00"], kind="costs", columns=columns)
    assert found.cost is not None
    assert (found.cost.day, found.cost.amount_minor) == (date(2026, 1, 2), 3000)


def test_openid_keeps_its_app() -> None:
    found = read(["o1", "wx1"], kind="contacts", columns={"openid": "o", "app_id": "a"})
    assert found.who == (Who("openid", "o1", "wx1"),)


def test_every_reason_has_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in TEXTS.values())
