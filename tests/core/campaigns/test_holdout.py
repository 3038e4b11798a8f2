"""Who is held out gets nothing, through pause and resume, retries and merges; on both databases."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.campaigns import sending, service
from core.campaigns.models import Campaign
from core.campaigns.preview import preview
from core.consent.service import grant, suppress
from core.contacts.service import merge
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.experiments.models import HELD_OUT, Assignment
from core.experiments.service import create_experiment
from core.jobs.runner import run_pending
from core.placements.service import placement_by_number
from core.plugin_host import host
from core.sdk import Failure, Message, Outcome
from core.sdk.messages import failed
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PEOPLE = 48
"""So many that no chance leaves less than a few calls' worth of them in the treated arm."""


class Provider:
    """Takes every second message at first, is paused by its operator after each call, and refuses nobody for good."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.manifests = tenant, host().manifests
        self.campaign: Campaign | None = None
        self.sent: list[str] = []
        self.calls = 0

    def call(self, key: str, verb: str, messages: Sequence[Message], settings: Mapping[str, object]) -> list[Outcome]:
        self.calls += 1
        assert self.campaign is not None
        with writing(self.tenant.number) as session:
            service.pause(session, service.find_campaign(session, self.campaign.id))
        busy = Failure(kind="throttled", retry_after=1)
        taken = [message for n, message in enumerate(messages) if n % 2 == 0 or self.calls > 2]
        self.sent += [message.to.value for message in taken]
        outcomes = [Outcome(key=message.key, state="accepted", parts=1) for message in taken]
        return [*outcomes, *(failed(message.key, busy) for message in messages if message not in taken)]


@pytest.fixture
def provider(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    provider = Provider(tenant)
    monkeypatch.setattr(sending, "host", lambda: provider)
    monkeypatch.setattr(sending, "BATCH", 7)
    with clock.set_to(NOON):
        yield provider


def make_people(tenant: Tenant) -> dict[int, str]:
    with writing(tenant.number) as session:
        phones = [f"+861390000{n:04d}" for n in range(PEOPLE)]
        numbers = {make_contact(session, phone(value), at=NOON): value for value in phones}
        for number in numbers:
            grant(session, number, medium="sms", source="test")
        suppress(session, "phone", phones[0])
        return numbers


def make_campaign(tenant: Tenant, *, share: float = 0.4) -> Campaign:
    channel = make_channel(tenant, "SMS", plugin="sms", settings={"signature": "山野茶事"})
    with writing(tenant.number) as session:
        campaign = service.create_campaign(
            session, channel, service.Draft(name="Spring", message="新茶到了，拒收请回复R", audience=Everybody())
        )
        placement = placement_by_number(session, campaign.placement_number)
        create_experiment(session, placement=placement, name="Spring?", share=share, window_days=7)
        return campaign


def send_to_the_end(tenant: Tenant, provider: Provider, campaign: Campaign) -> None:
    provider.campaign = campaign
    with writing(tenant.number) as session:
        service.start(session, service.find_campaign(session, campaign.id))
    for minute in range(0, 60, 3):
        with clock.set_to(NOON + timedelta(minutes=minute)):
            run_pending()
            with writing(tenant.number) as session:
                found = service.find_campaign(session, campaign.id)
                if found.state == "paused":
                    service.resume(session, found)
    with reading(tenant.number) as session:
        assert service.find_campaign(session, campaign.id).state == "done"


def arms_of(tenant: Tenant) -> dict[int, str]:
    with reading(tenant.number) as session:
        return dict(session.execute(sa.select(Assignment.contact_number, Assignment.arm)).all())


def test_held_out_never_get_it(tenant: Tenant, provider: Provider) -> None:
    people, campaign = make_people(tenant), make_campaign(tenant)
    send_to_the_end(tenant, provider, campaign)
    arms = arms_of(tenant)
    out = {people[number] for number, arm in arms.items() if arm == HELD_OUT}
    assert provider.calls >= 4
    assert out and len(arms) == PEOPLE - 1
    assert sorted(provider.sent) == sorted({people[number] for number in arms} - out)
    with reading(tenant.number) as session:
        held = session.scalars(sa.select(Delivery.contact_number).where(Delivery.reason == "holdout"))
        assert {people[number] for number in held} == out


def test_held_out_part_stops_the_rest(tenant: Tenant, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    # The lot is new in each run: of fifteen people nobody is held out once in thirty thousand runs.
    monkeypatch.setattr(sending, "BATCH", 16)
    people, campaign = make_people(tenant), make_campaign(tenant, share=0.5)
    provider.campaign = campaign
    with writing(tenant.number) as session:
        service.start(session, service.find_campaign(session, campaign.id))
    run_pending()  # one batch of sixteen, then the operator's pause
    out = next(number for number, arm in arms_of(tenant).items() if arm == HELD_OUT)
    waiting = max(people)
    assert waiting not in arms_of(tenant)
    with writing(tenant.number) as session:
        merge(session, loser=out, into=waiting)
        service.resume(session, service.find_campaign(session, campaign.id))
    for minute in range(3, 60, 3):
        with clock.set_to(NOON + timedelta(minutes=minute)):
            run_pending()
            with writing(tenant.number) as session:
                found = service.find_campaign(session, campaign.id)
                if found.state == "paused":
                    service.resume(session, found)
    assert people[waiting] not in provider.sent and people[out] not in provider.sent


def test_preview_counts_the_held_out(tenant: Tenant, provider: Provider) -> None:
    make_people(tenant)
    campaign = make_campaign(tenant)
    with reading(tenant.number) as session:
        told = preview(session, campaign)
    left_out = told["left_out"]
    assert isinstance(left_out, dict)
    assert left_out["holdout"] + int(str(told["would_send"])) == PEOPLE - 1
    assert arms_of(tenant) == {}
