"""Campaigns, people and a provider that answers as a test says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.campaigns import service
from core.campaigns.models import Campaign
from core.channels.models import Channel
from core.consent.service import grant
from core.db import reading, writing
from core.deliveries.service import count_states
from core.plugin_host import host
from core.sdk import Message, Outcome
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
Script = Callable[[Sequence[Message]], list[Outcome]]


class ScriptedHost:
    """The real host, but for what `deliver` answers."""

    def __init__(self, script: Script) -> None:
        self.script, self.manifests, self.sent = script, host().manifests, list[str]()

    def call(self, key: str, verb: str, messages: Sequence[Message], settings: Mapping[str, object]) -> list[Outcome]:
        self.sent += [message.key for message in messages]
        return self.script(messages)


def accept(messages: Sequence[Message]) -> list[Outcome]:
    return [Outcome(key=m.key, state="accepted", provider_id=f"p-{m.key}", parts=1) for m in messages]


def make_people(tenant: Tenant, count: int, *, consent: bool = True) -> list[int]:
    with writing(tenant.number) as session:
        numbers = [make_contact(session, phone(f"1390000{n:04d}"), at=NOON) for n in range(20, 20 + count)]
        for number in numbers if consent else ():
            grant(session, number, medium="sms", source="test")
        return numbers


def make_campaign(tenant: Tenant, name: str = "Spring", *, channel: Channel | None = None, **options: Any) -> Campaign:
    channel = channel or make_channel(tenant, f"SMS {name}", plugin="sms", settings={"signature": "山野茶事"})
    with writing(tenant.number) as session:
        draft = service.Draft(name=name, message="新茶到了，拒收请回复R", audience=Everybody(), **options)
        return service.create_campaign(session, channel, draft)


def start(tenant: Tenant, campaign: Campaign) -> None:
    with writing(tenant.number) as session:
        service.start(session, service.find_campaign(session, campaign.id))


def states(tenant: Tenant, campaign: Campaign) -> dict[str, int]:
    with reading(tenant.number) as session:
        return count_states(session, campaign.number)


def state(tenant: Tenant, campaign: Campaign) -> str:
    with reading(tenant.number) as session:
        return service.find_campaign(session, campaign.id).state
