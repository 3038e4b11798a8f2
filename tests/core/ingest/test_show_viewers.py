"""Viewers of a show by minute: read from the console's export by two columns, kept once, shown again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.errors import Invalid
from core.ingest.show_viewers import Columns, read_curve
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.placements import make_placement

EIGHT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHINA = ZoneInfo("Asia/Shanghai")
TABLE = '时间,在线人数,点赞\n20:00,120,3\n20:01,"1,300",4\n00:10,40,5\n'


def minutes(table: str, minute: str = "", viewers: str = "", begin: datetime = EIGHT) -> dict[int, int]:
    return read_curve(table, Columns(minute, viewers), begin=begin, zone=CHINA).minutes


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (TABLE, {1: 120, 2: 1300, 251: 40}),
        ("minute,viewers\n1,5\n2,7\n", {1: 5, 2: 7}),
        ("minute,viewers\n0,5\n1,7\n", {1: 5, 2: 7}),
        ("time;online\n2026-11-21 20:05:10;9\n2026-11-21 20:05:40;8\n", {6: 9}),
        ("time,online\n2026-11-21T12:00:00Z,9\n", {1: 9}),
    ],
)
def test_minutes_are_read_as_written(table: str, expected: dict[int, int]) -> None:
    assert minutes(table) == expected


def test_columns_of_other_names_are_chosen() -> None:
    table = "a,b\n1,5\n"
    assert minutes(table) == {}
    with pytest.raises(Invalid, match="Choose one of the columns: a, b"):
        minutes(table, "c", "b")
    assert minutes(table, "a", "b") == {1: 5}


@pytest.mark.parametrize(
    "table", ["", "minute,viewers\n", "\x00", "minute,minute\n1,2\n", "minute,viewers\n" + "1,2\n" * 20_001]
)
def test_tables_that_are_none_are_refused(table: str) -> None:
    with pytest.raises(Invalid):
        minutes(table)


def test_bad_rows_cost_themselves_alone() -> None:
    rows = ["-1,5", "1,many", "99:99,5", "1441,5", "x,5", "1,-4", "1,99999999999", "3,8", ""]
    curve = read_curve("minute,viewers\n" + "\n".join(rows), Columns(), begin=EIGHT, zone=CHINA)
    assert (curve.minutes, curve.refused) == ({3: 8}, [2, 3, 4, 5, 6, 7, 8])


def test_curve_is_previewed_kept_and_replaced(client: RoleClient, tenant: Tenant) -> None:
    live = make_channel(tenant, "Live", plugin="livestream")
    show = make_placement(tenant, "Friday", channel=live, starts_at=EIGHT)
    path = f"/placements/{show.id}/minutes/viewers"
    told = client.post(f"{path}/preview", json={"table": TABLE}).get_json()
    assert (told["minute_column"], told["viewers_column"], told["minutes"]) == ("时间", "在线人数", 3)
    assert client.get(path).get_json()["items"] == []
    for table in (TABLE, TABLE, "minute,viewers\n1,5\n"):
        assert client.put(path, json={"table": table}).status_code == 200
    assert client.get(path).get_json()["items"] == [{"minute": 1, "viewers": 5}]
    refused = client.put(path, json={"table": "a,b\n1,2\n"})
    assert (refused.status_code, refused.get_json()["fields"][0]["path"]) == (422, "minute_column")
