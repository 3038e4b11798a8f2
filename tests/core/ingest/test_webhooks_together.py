"""Webhooks that wait together are taken in one step; one that spoils it, or is refused, harms no other."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.channels.service import channel_by_number, issue_hook
from core.db import reading, writing
from core.errors import Invalid
from core.ingest import facts, understanding
from core.ingest.models import Incoming
from core.jobs.runner import run_pending
from core.sdk.events import Event
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.core.ingest.test_hooks_api import push
from tests.factories.channels import make_channel
from tests.factories.deliveries import make_deliveries

PHONES = [f"1391234567{n}" for n in range(5)]


@pytest.fixture
def waiting(client: RoleClient, tenant: Tenant) -> Channel:
    """Five replies of five people, read by nobody yet."""
    made = make_channel(tenant, "Texts", plugin="sms", settings={"signature": "思域好物"})
    make_deliveries(tenant, made, *PHONES)
    with writing(tenant.number) as session:
        hook = f"/hooks/{issue_hook(session, channel_by_number(session, made.number))}"
    for number, phone in enumerate(PHONES):
        told = {"phone_number": phone, "content": f"好 {number}", "send_time": "2026-05-01 10:00:00"}
        assert push(client, hook, [told | {"sequence_id": str(number)}]).status_code == 200
    return made


def states(tenant: Tenant) -> list[tuple[str, str | None]]:
    with reading(tenant.number) as session:
        return [(row.state, row.reason) for row in session.scalars(sa.select(Incoming).order_by(Incoming.id))]


def touches(tenant: Tenant) -> int:
    with reading(tenant.number) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Touchpoint)) or 0


def test_waiting_webhooks_share_a_step(tenant: Tenant, waiting: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def take(session: object, channel: Channel, events: Sequence[Event]) -> facts.Taken:
        sizes.append(len(events))
        return facts.take(session, channel, events)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(understanding, "facts", _Facts(take))
    run_pending()
    assert sizes == [5]
    assert states(tenant) == [("done", None)] * 5
    assert touches(tenant) == 5


def test_webhook_that_spoils_harms_no_other(tenant: Tenant, waiting: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    def take(session: object, channel: Channel, events: Sequence[Event]) -> facts.Taken:
        if any(getattr(event, "text", "") == "好 2" for event in events):
            raise Invalid("too much")
        return facts.take(session, channel, events)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(understanding, "facts", _Facts(take))
    run_pending()
    assert [state for state, _ in states(tenant)] == ["done", "done", "refused", "done", "done"]
    assert touches(tenant) == 4


def test_refused_event_is_noted_at_its_own_webhook(
    tenant: Tenant, waiting: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take(session: object, channel: Channel, events: Sequence[Event]) -> facts.Taken:
        return facts.Taken(refused={events[3].event_id: "missing"})

    monkeypatch.setattr(understanding, "facts", _Facts(take))
    run_pending()
    assert [reason for _, reason in states(tenant)] == [None, None, None, "1 events refused: missing", None]


class _Facts:
    """Stands in for the module."""

    def __init__(self, take: object) -> None:
        self.take = take
