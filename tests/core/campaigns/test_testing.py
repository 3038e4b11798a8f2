"""A test goes to one address and leaves no trace in any figure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.campaigns import service, testing
from core.campaigns.models import Campaign
from core.consent.service import suppress
from core.contacts.models import Contact
from core.db import new_id, reading, writing
from core.deliveries.models import Delivery
from core.ingest.click_facts import Origin, store_clicks
from core.placements.clicks import Click
from core.plugin_host import host
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PHONE = "13900000020"


class Provider:
    """The real host, but for a provider that keeps what it got."""

    def __init__(self) -> None:
        self.manifests, self.got, self.no = host().manifests, list[Message](), None

    def call(self, key: str, verb: str, messages: Sequence[Message], settings: Mapping[str, object]) -> list[Outcome]:
        self.got += messages
        if self.no is not None:
            return [failed(one.key, self.no) for one in messages]
        return [Outcome(key=one.key, state="accepted", provider_id="p") for one in messages]

    no: Failure | None


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    provider = Provider()
    monkeypatch.setattr(testing, "host", lambda: provider)
    with clock.set_to(NOON):
        yield provider


@pytest.fixture
def campaign(tenant: Tenant) -> Campaign:
    channel = make_channel(tenant, "SMS", plugin="sms", settings={"signature": "山野茶事"})
    with writing(tenant.number) as session:
        draft = service.Draft(name="Spring", message="新茶", audience=Everybody(), target_url="https://tea.example/")
        return service.create_campaign(session, channel, draft)


def count(tenant: Tenant, *models: type[Contact] | type[Delivery]) -> list[int]:
    with reading(tenant.number) as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in models]


def test_message_goes_out_and_counts_nowhere(
    client: RoleClient, tenant: Tenant, campaign: Campaign, provider: Provider
) -> None:
    told = client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE})
    assert (told.status_code, told.get_json()["state"]) == (200, "accepted")
    (message,) = provider.got
    assert (message.to.value, message.text, message.key[:5]) == ("+86" + PHONE, "新茶", "test-")
    assert count(tenant, Delivery, Contact) == [0, 0]


def test_click_on_a_test_counts_for_nothing(
    client: RoleClient, tenant: Tenant, campaign: Campaign, provider: Provider
) -> None:
    client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE})
    code = provider.got[0].variables["code"]
    origin = Origin(campaign.placement_number, campaign.channel_number, code[:8])
    click = Click(id=new_id().hex, at=NOON, code=code, kind="click", visitor="", agent="", referrer="", is_bot=False)
    with writing(tenant.number) as session:
        store_clicks(session, [click], [origin])
        assert session.scalars(sa.select(Touchpoint.is_bot)).all() == [True]


def test_provider_s_no_is_told(client: RoleClient, campaign: Campaign, provider: Provider) -> None:
    provider.no = Failure(kind="bad_settings", code="x", message="the account is empty")
    told = client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE}).get_json()
    assert (told["state"], told["reason"]) == ("failed", "the account is empty")


def test_silenced_address_gets_no_test(
    client: RoleClient, tenant: Tenant, campaign: Campaign, provider: Provider
) -> None:
    with writing(tenant.number) as session:
        suppress(session, "phone", PHONE)
    assert client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE}).status_code == 409
    assert client.post(f"/campaigns/{campaign.id}/test", json={"address": "12"}).status_code == 422
    assert provider.got == []


def test_a_day_has_only_so_many_tests(client: RoleClient, campaign: Campaign, provider: Provider) -> None:
    statuses = [
        client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE}).status_code
        for _ in range(testing.MOST_A_DAY + 1)
    ]
    assert (statuses[-2:], len(provider.got)) == ([200, 409], testing.MOST_A_DAY)
    with clock.set_to(NOON + timedelta(days=1, minutes=1)):
        assert client.post(f"/campaigns/{campaign.id}/test", json={"address": PHONE}).status_code == 200
