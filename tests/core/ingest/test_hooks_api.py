"""A webhook is believed by its plugin, durable before the vendor hears yes, and read once by a worker."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.channels.service import issue_hook
from core.consent.service import is_suppressed
from core.db import reading, writing
from core.ingest import hooks_api, understanding
from core.ingest.models import Incoming
from core.jobs.runner import run_pending
from core.plugin_host.calls import SECONDS, PluginFault, PluginMissing
from core.sdk.failures import Refused
from core.sdk.requests import Answer
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.deliveries import make_deliveries

PUSH = [
    {"phone_number": "13912345678", "content": "好的", "send_time": "2026-05-01 10:00:00", "sequence_id": "1"},
    {"phone_number": "13912345679", "content": "R", "send_time": "2026-05-01 10:00:01", "sequence_id": "2"},
]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no slow plugin, and a plugin that is too slow cannot refuse."""
    monkeypatch.setitem(SECONDS, "answer", 30)


@pytest.fixture
def texts(tenant: Tenant) -> Channel:
    form: dict[str, Any] = {
        "signature": "思域好物",
        "template": "新品到店，点 ${link} 查看 拒收请回复R",
        "link_prefix": "https://go.example.com/t/",
        "provider": {"kind": "sandbox"},
    }
    made = make_channel(tenant, "Texts", plugin="sms", settings=form)
    make_deliveries(tenant, made, *(item["phone_number"] for item in PUSH))
    return made


@pytest.fixture
def hook(tenant: Tenant, texts: Channel) -> str:
    with writing(tenant.number) as session:
        return f"/hooks/{issue_hook(session, texts)}"


class FakeHost:
    """Answers as told; what it is asked is kept."""

    def __init__(self, **answers: object) -> None:
        self.answers = answers

    def call(self, key: str, verb: str, *args: object, timeout: float | None = None) -> object:
        said = self.answers[verb]
        if isinstance(said, Exception):
            raise said
        return said


def push(client: RoleClient, hook: str, body: object = PUSH) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(hook, data=raw, content_type="application/json")


def rows(tenant: Tenant, model: type[Any]) -> list[Any]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(model).order_by(model.id)))


def test_replies_become_touches_and_opt_outs(client: RoleClient, tenant: Tenant, hook: str) -> None:
    response = push(client, hook)
    assert (response.status_code, response.json["code"]) == (200, 0)
    run_pending()
    assert {touch.kind for touch in rows(tenant, Touchpoint)} == {"reply"}
    with reading(tenant.number) as session:
        assert is_suppressed(session, "phone", "+8613912345679")
        assert not is_suppressed(session, "phone", "+8613912345678")


def test_repeated_push_is_stored_once(client: RoleClient, tenant: Tenant, hook: str) -> None:
    for _ in range(3):
        push(client, hook)
    run_pending()
    touched = len(rows(tenant, Touchpoint))
    push(client, hook)
    run_pending()
    assert [row.state for row in rows(tenant, Incoming)] == ["done"]
    assert len(rows(tenant, Touchpoint)) == touched > 0


def test_stored_webhook_is_sealed(client: RoleClient, tenant: Tenant, hook: str) -> None:
    push(client, hook)
    assert b"13912345678" not in rows(tenant, Incoming)[0].body


def test_unknown_secret_is_absent(client: RoleClient, hook: str) -> None:
    assert push(client, "/hooks/nobody").status_code == 404
    assert push(client, hook[:-1]).status_code == 404


@pytest.mark.parametrize("body", [b"", b"\xff\x00", b"{}", b"[NaN", b"[" * 100_000, b'[{"a": 1e999}'])
def test_garbage_is_refused_and_not_stored(client: RoleClient, tenant: Tenant, hook: str, body: bytes) -> None:
    assert 400 <= push(client, hook, body).status_code < 500
    assert rows(tenant, Incoming) == []


def test_two_megabytes_are_too_much(client: RoleClient, hook: str) -> None:
    assert push(client, hook, b"x" * 2_000_000).status_code == 413


def test_slow_plugin_is_asked_again_later(
    client: RoleClient, tenant: Tenant, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks_api, "host", lambda: FakeHost(answer=PluginFault("did not answer in time")))
    assert push(client, hook).status_code == 200
    monkeypatch.setattr(understanding, "host", lambda: FakeHost(answer=Answer(accepted=False, status=403)))
    run_pending()
    assert [(row.state, row.reason) for row in rows(tenant, Incoming)] == [("refused", "the request is not genuine")]


def test_missing_plugin_asks_vendor_to_retry(client: RoleClient, hook: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks_api, "host", lambda: FakeHost(answer=PluginMissing("is not loaded")))
    assert push(client, hook).status_code == 503


def test_garbage_for_parse_is_refused(
    client: RoleClient, tenant: Tenant, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(client, hook)
    monkeypatch.setattr(understanding, "host", lambda: FakeHost(parse=Refused("nothing in it")))
    run_pending()
    assert [(row.state, row.reason) for row in rows(tenant, Incoming)] == [("refused", "nothing in it")]


def test_broken_parse_waits_for_another_try(
    client: RoleClient, tenant: Tenant, hook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(client, hook)
    with monkeypatch.context() as broken:
        broken.setattr(understanding, "host", lambda: FakeHost(parse=PluginFault("raised")))
        run_pending(strict=False)
    assert [(row.state, row.attempts) for row in rows(tenant, Incoming)] == [("new", 1)]
    push(client, hook, [PUSH[0] | {"sequence_id": "9"}])
    run_pending(strict=False)
    assert {row.state for row in rows(tenant, Incoming)} == {"done"}
