"""Deliveries of which nobody knows whether they left, and what an operator may say of them."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from core.campaigns import sending
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.jobs.runner import run_pending
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.core.campaigns.sends import ScriptedHost, make_campaign, make_people, start, states

pytestmark = pytest.mark.usefixtures("noon")


def doubt(messages: Sequence[Message]) -> list[Outcome]:
    return [failed(one.key, Failure(kind="unknown", code="timeout")) for one in messages]


@pytest.fixture
def sent(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(sending, "host", lambda: ScriptedHost(doubt))
    make_people(tenant, 3)
    campaign = make_campaign(tenant)
    start(tenant, campaign)
    run_pending()
    assert states(tenant, campaign) == {"unknown": 3}
    return f"/campaigns/{campaign.id}"


def test_unknown_ones_name_what_provider_knows(client: RoleClient, sent: str) -> None:
    (first, *rest) = client.get(f"{sent}/deliveries?state=unknown").get_json()["items"]
    assert len(rest) == 2
    assert first["key"].endswith(f"-{first['number']}")
    assert client.get(f"/contacts/{first['contact_id']}").get_json()["number"] == first["contact_number"]


def test_answer_of_provider_closes_them(client: RoleClient, tenant: Tenant, sent: str) -> None:
    numbers = [one["number"] for one in client.get(f"{sent}/deliveries").get_json()["items"]]
    body = {"numbers": numbers[:2], "outcome": "accepted"}
    assert client.post(f"{sent}/deliveries/settle", json=body).get_json() == {"settled": 2}
    assert client.post(f"{sent}/deliveries/settle", json=body).get_json() == {"settled": 0}
    client.post(f"{sent}/deliveries/settle", json={"numbers": numbers, "outcome": "failed"})
    assert client.get(sent).get_json()["counts"] == {"accepted": 2, "failed": 1}
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(Touchpoint.kind)).all() == ["message_sent"] * 2


def test_planned_ones_cannot_be_closed(client: RoleClient, tenant: Tenant, sent: str) -> None:
    with writing(tenant.number) as session:
        session.execute(sa.update(Delivery).values(state="planned"))
    numbers = [one["number"] for one in client.get(f"{sent}/deliveries").get_json()["items"]]
    body = {"numbers": numbers, "outcome": "failed"}
    assert client.post(f"{sent}/deliveries/settle", json=body).get_json() == {"settled": 0}
