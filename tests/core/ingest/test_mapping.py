"""Headers in Chinese and English find their fields; what is missing is named before a row is read."""

import pytest

from core.ingest.fields import ImportKind
from core.ingest.mapping import Mapping, find_problems, propose_mapping
from core.ingest.row_filter import Condition, build_filter, read_condition


def propose(kind: ImportKind, header: str, **samples: list[str]) -> dict[str, str]:
    return propose_mapping(kind, header=header.split(","), samples=samples).columns


def test_advertising_export_maps_by_itself() -> None:
    assert propose("touchpoints", "customer_id,time,interaction,conversion,conversion_value,channel") == {
        "customer_id": "customer_id",
        "at": "time",
        "kind": "interaction",
        "is_order": "conversion",
        "amount": "conversion_value",
        "channel": "channel",
    }


def test_chinese_order_export_maps_too() -> None:
    found = propose("orders", "订单编号,付款时间,实付金额,收货人手机,订单状态,来源渠道")
    assert found == {
        "order_no": "订单编号",
        "at": "付款时间",
        "amount": "实付金额",
        "phone": "收货人手机",
        "state": "订单状态",
        "channel": "来源渠道",
    }


def test_costs_map_date_and_spend() -> None:
    assert propose("costs", "日期,渠道,消耗") == {"at": "日期", "channel": "渠道", "cost": "消耗"}


def test_unnamed_columns_are_known_by_samples() -> None:
    found = propose("contacts", "甲,乙,丙", 甲=["13800138000", ""], 乙=["a@b.cn"], 丙=["2026/1/2 10:00"])
    assert found == {"phone": "甲", "email": "乙", "at": "丙"}


def test_no_column_serves_two_fields() -> None:
    found = propose("touchpoints", "date,id,type")
    assert sorted(found.values()) == sorted(set(found.values()))


@pytest.mark.parametrize(
    ("mapping", "paths"),
    [
        (Mapping(), ["mapping.columns.at", "mapping.columns.channel", "mapping.columns"]),
        (Mapping(columns={"at": "t", "phone": "p"}, channel="sms"), []),
        (Mapping(columns={"at": "gone", "phone": "p"}, channel="sms"), ["mapping.columns.at"]),
        (Mapping(columns={"at": "t", "phone": "p", "cost": "p"}, channel="sms"), ["mapping.columns.cost"]),
    ],
)
def test_mapping_problems_name_their_setting(mapping: Mapping, paths: list[str]) -> None:
    found = find_problems("touchpoints", mapping, header=["t", "p"], conditions=[])
    assert [problem.path for problem in found] == paths


def test_filter_on_absent_column_is_named() -> None:
    mapping = Mapping(columns={"at": "t", "phone": "p"}, channel="sms")
    found = find_problems("touchpoints", mapping, header=["t", "p"], conditions=[Condition(column="x")])
    assert [problem.path for problem in found] == ["row_filter"]


@pytest.mark.parametrize(
    ("text", "cells", "taken"),
    [
        ("kind=conversion", ["conversion", "5"], True),
        ("kind=conversion", ["click", "5"], False),
        ("kind!=click", ["click", "5"], False),
        ("kind~ick", ["click", "5"], True),
        ("amount>10", ["click", "9"], False),
        ("amount>10", ["click", "100"], True),
        ("amount<10", ["click", "NaN"], False),
        ("amount<10", ["click", ""], False),
    ],
)
def test_condition_takes_or_leaves_rows(text: str, cells: list[str], taken: bool) -> None:
    assert build_filter([read_condition(text)], header=["kind", "amount"])(cells) is taken


def test_all_conditions_must_hold_together() -> None:
    accepts = build_filter(
        [Condition(column="a", op="in", value="1, 2"), Condition(column="b", op="not_empty")], header=["a", "b"]
    )
    assert [accepts(cells) for cells in (["1", "x"], ["2", ""], ["3", "x"])] == [True, False, False]


def test_malformed_condition_is_explained() -> None:
    with pytest.raises(ValueError, match="column=value"):
        read_condition("nothing")
