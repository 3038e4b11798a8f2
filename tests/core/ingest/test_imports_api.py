"""The import page's whole way over HTTP: upload, map, look, start, watch, fetch the refused rows."""

import io
from typing import Any

import pytest

from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.ingest import AD_HEADER, ad_file


def upload(client: RoleClient, body: bytes, *, kind: str = "touchpoints") -> Any:
    response: Any = client.post(f"/imports?kind={kind}&name=七月.csv", data=body, content_type="text/csv")
    assert response.status_code == 201, response.json
    return response.json


def read(client: RoleClient, path: str) -> Any:
    return client.get(path).json


def change(client: RoleClient, shown: Any, **more: Any) -> Any:
    body = {"mapping": shown["mapping"], "create_channels": True, **more}
    return client.put(f"/imports/{shown['id']}", json=body)


def test_upload_proposes_a_mapping(client: RoleClient) -> None:
    shown = upload(client, ad_file().encode())
    assert (shown["encoding"], shown["delimiter"], shown["state"]) == ("utf-8", ",", "draft")
    assert shown["mapping"]["amount"] == "conversion_value"
    assert shown["columns"][5] == {"name": "channel", "samples": ["Display", "Video", "Search", "Display", "Video"]}
    assert {"key": "at", "zh": "时间", "en": "Time", "required": True} in shown["fields"]


def test_import_runs_from_upload_to_done(client: RoleClient) -> None:
    shown = upload(client, ad_file().encode())
    preview = read(client, f"/imports/{shown['id']}/preview")
    assert [one["name"] for one in preview["unknown_channels"]] == ["Display", "Video", "Search"]
    assert preview["rows"][0]["order"]["amount"] == "7.50"
    assert "A00000" not in str(preview)
    assert change(client, shown).status_code == 200
    started = client.post(f"/imports/{shown['id']}/start")
    assert started.status_code == 202
    run_pending()
    done = read(client, f"/imports/{shown['id']}")
    assert (done["state"], done["touchpoints"], done["orders"]) == ("done", 60, 10)
    assert done["job"]["progress"] == {"done": 60, "total": 60}
    assert read(client, "/imports")["items"][0]["id"] == shown["id"]


def test_multipart_upload_is_streamed_too(client: RoleClient) -> None:
    form = {"note": "x", "file": (io.BytesIO(ad_file().encode()), "a.csv")}
    response: Any = client.post("/imports?kind=touchpoints", data=form, content_type="multipart/form-data")
    assert response.json["columns"][0]["name"] == "customer_id"


def test_rejects_come_back_harmless(client: RoleClient) -> None:
    rows = '=cmd(),not a time,click,0,0,Display\n"+86",2026-07-01,dance,0,0,"=1+1"\n'
    shown = upload(client, f"{AD_HEADER}\n{rows}".encode())
    change(client, shown)
    client.post(f"/imports/{shown['id']}/start")
    run_pending()
    text = client.get(f"/imports/{shown['id']}/rejects.csv").data.decode("utf-8-sig")
    header, first, second = text.splitlines()
    assert header.startswith("line,code,原因,reason,customer_id")
    assert first.startswith("2,bad_time,") and "'=cmd()" in first
    assert "'+86" in second and "'=1+1" in second


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\x03\x04 workbook",
        "a,b\n1,2\n".encode("utf-16"),
        b"\x00\x01\x02\x03" * 50,
        b"name\xe9,b\xe9\n1,2\n",
        b"z" * 1_000_000,
        b"x," * 600 + b"\n1\n",
    ],
)
def test_what_is_no_table_gets_422(client: RoleClient, body: bytes) -> None:
    response: Any = client.post("/imports?kind=touchpoints&name=x.csv", data=body, content_type="text/csv")
    assert response.status_code == 422
    assert response.json["fields"][0]["path"] == "file"


@pytest.mark.parametrize("query", ["kind=dance", "kind=orders&name=" + "x" * 500])
def test_bad_upload_query_gets_422(client: RoleClient, query: str) -> None:
    assert client.post(f"/imports?{query}", data=b"a,b\n1,2\n").status_code == 422


def test_broken_multipart_gets_400(client: RoleClient) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        assert client.post("/imports", data=b"--y\r\nnothing", content_type=kind).status_code == 400


def test_unfinished_mapping_cannot_start(client: RoleClient) -> None:
    shown = upload(client, b"a,b\n1,2\n")
    response: Any = client.post(f"/imports/{shown['id']}/start")
    assert response.status_code == 422
    assert {field["path"] for field in response.json["fields"]} >= {"mapping.columns.at", "mapping.columns.channel"}
    assert read(client, f"/imports/{shown['id']}/preview")["problems"]


@pytest.mark.parametrize(
    "body",
    [
        {"mapping": {"at": "no such column"}},
        {"mapping": {"no such field": "time"}},
        {"mapping": {}, "row_filter": [{"column": "gone", "op": "eq", "value": "1"}]},
        {"mapping": {}, "row_filter": [{"column": "time", "op": "drop table"}]},
        {"mapping": {}, "defaults": {"touch_kind": "dance"}},
        {"mapping": {}, "surprise": 1},
        {"mapping": []},
    ],
)
def test_impossible_mapping_is_refused(client: RoleClient, body: Any) -> None:
    shown = upload(client, ad_file().encode())
    assert client.put(f"/imports/{shown['id']}", json=body).status_code == 422


def test_started_import_cannot_be_remapped(client: RoleClient) -> None:
    shown = upload(client, ad_file().encode())
    change(client, shown)
    client.post(f"/imports/{shown['id']}/start")
    assert change(client, shown).status_code == 409


def test_foreign_import_is_absent(client: RoleClient, app: Any, other_tenant: Tenant) -> None:
    shown = upload(client, ad_file().encode())
    stranger = RoleClient(app, other_tenant)
    for path in ("", "/preview", "/rejects.csv"):
        assert stranger.get(f"/imports/{shown['id']}{path}").status_code == 404
    assert stranger.post(f"/imports/{shown['id']}/start").status_code == 404
    assert read(stranger, "/imports")["items"] == []


def test_ten_megabyte_line_costs_one_row(client: RoleClient) -> None:
    body = ad_file().encode() + b"A1," + b"9" * 10_000_000 + b"\n" + ad_file(rows=1).splitlines()[1].encode() + b"\n"
    shown = upload(client, body)
    change(client, shown)
    client.post(f"/imports/{shown['id']}/start")
    run_pending()
    done = read(client, f"/imports/{shown['id']}")
    assert (done["rows"], done["rejected"], done["touchpoints"]) == (62, 1, 61)
