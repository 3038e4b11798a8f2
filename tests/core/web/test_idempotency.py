"""A repeated POST acts once."""

from datetime import timedelta

import pytest
from flask import Response
from flask_openapi3 import OpenAPI

from core import clock
from core.app import create_app
from core.db import Database
from core.errors import Conflict
from core.web import Body, answer, idempotency, needs
from tests.clients import OpenGate, RoleClient

acts: list[str] = []


class Named(Body):
    name: str


@pytest.fixture
def app(db: Database, monkeypatch: pytest.MonkeyPatch) -> OpenAPI:
    monkeypatch.setattr("tests.clients.every_scope", lambda: frozenset({"moon:write"}))
    acts.clear()
    app = create_app(OpenGate())

    @app.post("/v1/act")
    @needs("moon:write")
    def act(body: Named) -> Response:
        acts.append(body.name)
        if body.name == "fail" and len(acts) == 1:
            raise Conflict
        return answer({"n": len(acts)}, 201)

    return app


def post(client: RoleClient, name: str, key: str = "k") -> tuple[int, object]:
    answered = client.post("/v1/act", json={"name": name}, headers={"Idempotency-Key": key})
    return answered.status_code, answered.json


def test_same_request_acts_once(client: RoleClient) -> None:
    assert post(client, "a") == post(client, "a") == (201, {"n": 1})
    assert acts == ["a"]


def test_other_body_under_same_key_conflicts(client: RoleClient) -> None:
    post(client, "a")
    assert post(client, "b")[0] == 409
    assert acts == ["a"]


def test_failed_request_gives_the_key_back(client: RoleClient) -> None:
    assert post(client, "fail")[0] == 409
    assert post(client, "fail") == (201, {"n": 2})


def test_key_given_back_meanwhile_asks_again(client: RoleClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # Another request held the key when this one came, and has failed since.
    monkeypatch.setattr(idempotency, "insert_new", lambda *given, **more: [])
    answered = client.post("/v1/act", json={"name": "a"}, headers={"Idempotency-Key": "k"})
    assert (answered.status_code, answered.get_json()["code"], acts) == (409, "idempotency_at_work", [])


def test_key_is_forgotten_after_a_day(client: RoleClient) -> None:
    post(client, "a")
    with clock.set_to(clock.now() + timedelta(hours=25)):
        assert post(client, "b") == (201, {"n": 2})


def test_unprintable_key_is_named(client: RoleClient) -> None:
    assert post(client, "a", key="x" * 201)[0] == 422
