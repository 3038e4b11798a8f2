"""`siyu attribute` as an analyst meets it: what it reads, what it writes, how it refuses."""

import csv
import json
import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from core.attribution.commands import attribute

TOUCHPOINTS = """customer_id,time,channel
1,2026-01-01T10:00:00Z,Search
1,2026-01-03 10:00:00+00:00,Mail
2,2026-01-02,Search
,2026-01-02,Search
"""
ORDERS = """customer_id,paid_at,amount
1,2026-01-03T10:00:00Z,30
3,2026-01-05,12.5
"""
PATHS = "path;total_conversions;total_conversion_value;total_null\na > b;2;10;1\nb;1;4;3\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(TOUCHPOINTS)
    Path("o.csv").write_text(ORDERS)
    Path("p.csv").write_text(PATHS)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(attribute, arguments)


def events(*arguments: str) -> Result:
    return run("--touchpoints", "t.csv", "--orders", "o.csv", *arguments)


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(result.stdout.splitlines()))


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


def refused(result: Result, message: str) -> None:
    assert result.exit_code == 1
    assert message in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def many_events(folder: Path, *, seed: int, shuffled: bool = False) -> tuple[str, ...]:
    """Touches and orders of many people, in two files."""
    dice = random.Random(seed)
    touches = [
        f"u{dice.randrange(80)},2026-01-{dice.randint(1, 28):02}T{n // 60:02}:{n % 60:02},{dice.choice('abc')}"
        for n in range(300)
    ]
    bought = [f"u{dice.randrange(80)},2026-01-{dice.randint(1, 28):02},{dice.randint(1, 90)}" for _ in range(60)]
    if shuffled:
        random.Random(5).shuffle(touches)
    (folder / "t.csv").write_text("contact,time,channel\n" + "\n".join(touches))
    (folder / "o.csv").write_text("contact,time,value\n" + "\n".join(bought))
    return "--model", "linear", "--model", "markov"


def test_channels_have_intervals(folder: Path) -> None:
    models = many_events(folder, seed=3)
    found = [row for row in rows(events(*models)) if row["channel"]]
    for row in found:
        assert 0 <= float(row["value_low"]) < float(row["value"]) < float(row["value_high"])
        assert float(row["conversions_low"]) < float(row["conversions"]) < float(row["conversions_high"])
    assert "value_low" not in rows(events(*models, "--no-intervals"))[0]
    assert "value_low" not in rows(events(*models, "--by", "day"))[0]


def test_order_of_rows_changes_no_interval(folder: Path) -> None:
    models = many_events(folder, seed=3)
    first = rows(events(*models))
    many_events(folder, seed=3, shuffled=True)
    for row, other in zip(first, rows(events(*models)), strict=True):
        for name in ("value_low", "value_high"):
            if row[name]:
                assert float(row[name]) == pytest.approx(float(other[name]), rel=1e-9)


def test_impossible_intervals_are_refused() -> None:
    for found in (events("--by", "day", "--intervals"), run("--paths", "p.csv", "--intervals")):
        assert found.exit_code == 1
        assert "intervals" in found.stderr


def test_json_says_what_csv_says(folder: Path) -> None:
    models = many_events(folder, seed=3)
    table, told = rows(events(*models)), json.loads(events(*models, "--json").stdout)
    assert [row["value"] for row in told["rows"]] == [float(row["value"]) for row in table]
    assert "60 orders" in told["summary"]
    assert events(*models, "--out", "r.json").exit_code == 0
    assert json.loads(Path("r.json").read_text()) == told


@pytest.mark.parametrize("name", ["csv", "json", "parquet"])
def test_results_are_compared(folder: Path, name: str) -> None:
    for number in (1, 2):
        assert events(*many_events(folder, seed=number), "--out", f"{number}.{name}").exit_code == 0
    found = rows(run("compare", f"1.{name}", f"2.{name}"))
    assert {row["model"] for row in found} == {"linear", "markov"}
    for model in ("linear", "markov"):
        mine = [row for row in found if row["model"] == model]
        assert [abs(float(row["value_difference"])) for row in mine] == sorted(
            (abs(float(row["value_difference"])) for row in mine), reverse=True
        )
        assert sum(float(row["share"]) for row in mine) == pytest.approx(1)
        assert sum(float(row["share_difference"]) for row in mine) == pytest.approx(0, abs=1e-12)
        for row in mine:
            assert float(row["value_with"]) - float(row["value"]) == pytest.approx(float(row["value_difference"]))
            assert bool(row["value_low"]) == bool(row["value_high_with"]) == bool(row["channel"])


def test_days_are_compared_too(folder: Path) -> None:
    for number in (1, 2):
        many_events(folder, seed=number)
        assert events("--model", "linear", "--by", "day", "--out", f"{number}.csv").exit_code == 0
    told = json.loads(run("compare", "1.csv", "2.csv", "--json").stdout)
    assert {row["day"][:8] for row in told["rows"]} == {"2026-01-"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "model,channel\nlast,a\n", "no result"),
        ("a.csv", "model,channel,conversions,value\nlast,a,x,1\n", "no result"),
        ("a.csv", "model,channel,conversions,value\nlast,a,1,1\nlast,a,1,1\n", "twice"),
        ("a.csv", "model,channel,conversions,value\nfirst,a,1,1\n", "in common"),
        ("a.json", "[]", "no result"),
        ("a.json", "{", "no result"),
        ("a.parquet", "x", "no result"),
    ],
)
def test_wrong_results_are_not_compared(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text)
    (folder / "b.csv").write_text("model,channel,conversions,value\nlast,a,1,1\n")
    found = run("compare", name, "b.csv")
    assert found.exit_code == 1
    assert said in found.stderr
