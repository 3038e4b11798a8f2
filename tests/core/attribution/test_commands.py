"""`siyu attribute` as an analyst meets it: what it reads, what it writes, how it refuses."""

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.core.attribution.command_line import (
    PATHS,
    TOUCHPOINTS,
    events,
    prepare,
    refused,
    rows,
    run,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return prepare(tmp_path, monkeypatch)


def test_events_give_rows_by_channel() -> None:
    assert rows(events("--model", "linear")) == [
        {"model": "linear", "channel": "Mail", "conversions": "0.5", "value": "15.0"},
        {"model": "linear", "channel": "Search", "conversions": "0.5", "value": "15.0"},
        {"model": "linear", "channel": "", "conversions": "1.0", "value": "12.5"},
    ]


def test_summary_goes_to_standard_error() -> None:
    found = events().stderr
    assert "3 touchpoints of 2 contacts, 2 orders, 1 of them without a touchpoint" in found
    assert "1 touchpoints without a contact left out" in found


def test_days_are_those_of_touches() -> None:
    found = rows(events("--model", "linear", "--by", "day", "--timezone", "Asia/Shanghai"))
    assert [(row["channel"], row["day"]) for row in found] == [
        ("Mail", "2026-01-03"),
        ("Search", "2026-01-01"),
        ("", "2026-01-05"),
    ]


def test_lookback_leaves_old_touches_out() -> None:
    found = rows(events("--model", "linear", "--lookback-days", "1"))
    assert [row["conversions"] for row in found] == ["1.0", "0.0", "1.0"]


def test_paths_give_every_column() -> None:
    found = rows(run("--paths", "p.csv", "--model", "markov", "--model", "shapley"))
    assert list(found[0]) == ["model", "channel", "conversions", "value", "removal_effect", "raw"]
    assert sum(float(row["conversions"]) for row in found if row["model"] == "shapley") == pytest.approx(3)
    assert found[1]["removal_effect"] == "1.0"


def test_order_two_keeps_its_name() -> None:
    assert {row["model"] for row in rows(run("--paths", "p.csv", "--model", "markov", "--order", "2"))} == {"markov"}


def test_empty_path_is_unattributed() -> None:
    Path("p.csv").write_text(PATHS + ";5;2.5;0\n")
    last = rows(run("--paths", "p.csv", "--model", "first"))[-1]
    assert last == {"model": "first", "channel": "", "conversions": "5.0", "value": "2.5"}


def test_parquet_out_equals_csv() -> None:
    events("--model", "linear", "--out", "c.csv")
    events("--model", "linear", "--out", "c.parquet")
    with Path("c.csv").open() as file:
        text = [(row["channel"], float(row["value"])) for row in csv.DictReader(file)]
    table = pq.read_table("c.parquet")
    assert list(zip(table["channel"].to_pylist(), table["value"].to_pylist(), strict=True)) == text


def test_spreadsheet_file_is_understood() -> None:
    Path("t.csv").write_bytes("客户,时间,渠道\n1,2026/1/1 9:05,小红书\n".encode("gb18030"))
    Path("o.csv").write_bytes("\ufeff客户\t下单时间\t金额\n1\t2026/1/2 9:05:00\t8\n".encode())
    assert rows(events("--model", "last"))[0]["channel"] == "小红书"


def test_columns_are_named_by_flag() -> None:
    Path("t.csv").write_text(TOUCHPOINTS.replace("channel", "von wo"))
    assert len(rows(events("--column", "channel=von wo", "--model", "last"))) == 3


def test_sent_messages_weigh_nothing() -> None:
    lines = TOUCHPOINTS.splitlines()
    kinds = ["kind", "click", "message_sent", "click", "click"]
    Path("t.csv").write_text("\n".join(f"{line},{kind}" for line, kind in zip(lines, kinds, strict=True)))
    assert rows(events("--model", "last"))[0]["channel"] == "Search"


def test_weight_of_no_touchpoint_is_refused() -> None:
    kinds = ["kind", "click", "house_call", "click", "click"]
    Path("t.csv").write_text(
        "\n".join(f"{line},{kind}" for line, kind in zip(TOUCHPOINTS.splitlines(), kinds, strict=True))
    )
    assert (
        rows(events("--model", "last", "--kind-weight", "house_call=0", "--kind-weight", "scan=2"))[0]["channel"]
        == "Search"
    )
    refused = events("--kind-weight", "clik=2")
    assert (refused.exit_code, "'clik'; there are click, house_call" in refused.output) == (1, True)


def test_one_file_may_hold_both() -> None:
    Path("both.csv").write_text("user,ts,source,event,value\nu,1767225600,x,click,\nu,1767225700000,x,buy,7\n")
    found = run("--touchpoints", "both.csv", "--orders", "both.csv", "--orders-where", "event=buy", "--model", "first")
    assert rows(found)[0]["value"] == "7.0"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1,99999-01-01,x", "t.csv, line 2: '99999-01-01' is not an instant"),
        ("1,yesterday,x", "t.csv, line 2: 'yesterday' is not an instant"),
        ("1,99999999999999999,x", "t.csv, line 2: '99999999999999999' is not an instant"),
        ("1,2026-01-01,", "t.csv, line 2: there is no channel (channel)"),
        ("1,2026-01-01,x\0y", "t.csv, line 2: a NUL byte; save the file as UTF-8 text"),
        ("1,2026-01-01", "t.csv: Row #2: Expected 3 columns, got 2"),
        ("1,2026-01-01," + "x" * 3_000_000, "t.csv, line 2: the line is longer than 1 MB"),
    ],
)
def test_bad_touchpoints_are_named(cell: str, message: str) -> None:
    Path("t.csv").write_text(f"customer_id,time,channel\n{cell}\n1,2026-01-01,x\n")
    refused(events(), message)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("NaN", "o.csv, line 3: 'NaN' is not an amount (amount)"),
        ("1e999", "o.csv, line 3: '1e999' is not an amount"),
        ("1e300", "o.csv, line 3: '1e300' is too large"),
        ("-4", "o.csv, line 3: '-4' is negative"),
        ("", "o.csv, line 3: '' is not an amount"),
        ("twelve", "o.csv, line 3: 'twelve' is not an amount"),
    ],
)
def test_bad_amounts_are_named(cell: str, message: str) -> None:
    Path("o.csv").write_text(f"customer_id,paid_at,amount\n1,2026-01-03,3\n1,2026-01-03,{cell}\n")
    refused(events(), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--paths", "p.csv", "--orders", "o.csv"], "give either --paths, or --touchpoints together with --orders"),
        (["--paths", "t.csv"], "which column is the path? There are customer_id, time, channel"),
        (["--paths", "p.csv", "--column", "path=weg"], "there is no column 'weg'"),
        (["--paths", "p.csv", "--column", "way=path"], "there is no such field"),
        (["--paths", "p.csv", "--column", "path"], "write it as NAME=VALUE"),
        (["--paths", "p.csv", "--model", "lucky"], "there is no model 'lucky'"),
        (["--paths", "p.csv", "--model", "time_decay"], "paths have no times"),
        (["--paths", "p.csv", "--by", "day"], "paths have no times"),
        (["--paths", "p.csv", "--direct", "zzz"], "there is no channel 'zzz'"),
        (["--paths", "p.csv", "--timezone", "Moon/Base"], "there is no such time zone"),
        (["--paths", "p.csv", "--out", "missing/c.csv"], "No such file or directory"),
        (["--touchpoints", "t.csv", "--orders", "o.csv", "--orders-where", "a=b"], "there is no column 'a'"),
    ],
)
def test_bad_flags_are_named(arguments: list[str], message: str) -> None:
    refused(run(*arguments), message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the first line must name the columns"),
        ("path,path\n", "two columns are called 'path'"),
        ("path;total_conversions\na > > b;1\n", "p.csv, line 2: the path has an empty step"),
        ("path;total_conversions\na;1.5\n", "p.csv, line 2: 1.5 is not a whole number"),
    ],
)
def test_bad_paths_are_named(text: str, message: str) -> None:
    Path("p.csv").write_text(text)
    refused(run("--paths", "p.csv"), message)
