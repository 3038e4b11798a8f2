"""Bodies, errors and the closed door."""

import gzip

import pytest
from flask import Flask, Response
from flask_openapi3 import OpenAPI

from core.app import create_app
from core.db import Database
from core.errors import Malformed
from core.web import Body, answer, needs, parse_json, public
from core.web.body import StrictRequest
from tests.clients import OpenGate, RoleClient


class Named(Body):
    name: str
    count: int = 0


@pytest.fixture
def app(db: Database) -> OpenAPI:
    app = create_app(OpenGate())
    app.request_class = StrictRequest

    @app.post("/echo")
    @public
    def echo(body: Named) -> Response:
        return answer(body)

    @app.get("/unlabelled")
    def unlabelled() -> Response:
        return answer({})

    @app.get("/broken")
    @public
    def broken() -> Response:
        raise ZeroDivisionError

    @app.get("/guarded")
    @needs("moon:write")
    def guarded() -> Response:
        return answer({})

    return app


BAD = {
    b"[": 400,
    b"\xff": 400,
    b'{"name": NaN}': 400,
    b'{"name": "a\\u0000"}': 400,
    b'{"name": "\\ud800"}': 400,
    b'{"name": "a", "count": 99999999999999999999}': 400,
    b"[" * 100_000: 400,
    b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}": 400,
    b"null": 422,
    b'"text"': 422,
    b"{}": 422,
    b'{"name": "a", "more": 1}': 422,
    b'{"name": "' + b"a" * 2_000_000 + b'"}': 413,
}


@pytest.mark.parametrize("raw", BAD, ids=range(len(BAD)))
def test_bad_body_gets_clear_answer(client: RoleClient, raw: bytes) -> None:
    answered = client.raw.post("/echo", data=raw, content_type="application/json")
    assert answered.status_code == BAD[raw]
    assert answered.content_type.startswith("application/problem+json")
    assert answered.json and answered.json["request_id"] == answered.headers["X-Request-Id"]


def test_wrong_type_is_named(client: RoleClient) -> None:
    assert client.raw.post("/echo", data="a=b").status_code == 415


def test_gzip_body_is_read(client: RoleClient) -> None:
    raw = gzip.compress(b'{"name": "tea"}')
    answered = client.raw.post("/echo", data=raw, content_type="application/json", headers={"Content-Encoding": "gzip"})
    assert answered.json == {"name": "tea", "count": 0}


# Without a fixed time in them the tests' names would differ between workers that collect in different seconds.
HOSTILE = {
    "bomb": gzip.compress(b"0" * 50_000_000, mtime=0),
    "plain": b"no gzip",
    "cut": gzip.compress(b"{}" * 99, mtime=0)[:-9],
}


@pytest.mark.parametrize("raw", list(HOSTILE.values()), ids=list(HOSTILE))
def test_hostile_gzip_is_refused(client: RoleClient, raw: bytes) -> None:
    answered = client.raw.post("/echo", data=raw, content_type="application/json", headers={"Content-Encoding": "gzip"})
    assert answered.status_code in (400, 413)


def test_unlabelled_route_is_closed(client: RoleClient) -> None:
    assert client.raw.get("/unlabelled").status_code == 403


def test_unknown_path_is_a_problem(client: RoleClient) -> None:
    answered = client.raw.get("/nowhere")
    assert (answered.status_code, answered.json and answered.json["code"]) == (404, "not_found")


def test_browser_at_unknown_path_sees_page(client: RoleClient) -> None:
    answered = client.raw.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"})
    assert (answered.status_code, answered.mimetype) == (404, "text/html")
    assert "No such page" in answered.text
    assert client.raw.get("/nowhere", headers={"Accept": "*/*"}).is_json


def test_unexpected_error_tells_nothing(client: RoleClient) -> None:
    answered = client.raw.get("/broken")
    assert answered.status_code == 500
    assert b"ZeroDivision" not in answered.data


def test_jobs_of_foreign_tenant_are_absent(client: RoleClient) -> None:
    for tenant in ("1", "00000000-0000-7000-8000-000000000000", "x' OR 1=1 --"):
        assert client.raw.get(f"/v1/tenants/{tenant}/jobs").status_code == 404
    assert client.get("/jobs").json == {"items": [], "next": None}
    assert client.get("/jobs/1").status_code == 404
    assert client.get("/jobs?limit=-1").status_code == 422


def test_deep_lists_do_not_exhaust_the_stack() -> None:
    with pytest.raises(Malformed):
        parse_json(b'{"a":' * 5000 + b"1" + b"}" * 5000)


def test_flask_is_underneath(app: Flask) -> None:
    assert app.json is not None
