"""A campaign goes through whatever is killed meanwhile: each person has one delivery, and every doubt is listed."""

from datetime import UTC, datetime

import httpx
import pytest
import sqlalchemy as sa

from core import clock
from core.access.roles import Role
from core.campaigns import service
from core.campaigns.models import Campaign
from core.consent.service import NewConsent, note_consents
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.deliveries.service import count_states
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.chaos.trouble import Trouble, on_both
from tests.factories.access import begin_session, make_person
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contacts, phone
from tests.factories.tenants import make_tenant
from tests.servers.siyu import Running

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.slow]

PEOPLE = 6_000
VICTIMS = ("quick-1", "slow-1", "dispatcher", "redis", "quick-1")


@pytest.fixture
def brand_at_noon(platform: Running) -> Tenant:
    """A brand in whose time zone it is about noon, for nothing goes out at night."""
    return make_tenant(name="Tea house", timezone=f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")


def make_audience(brand: Tenant) -> None:
    """People whose numbers end in 20 to 99, which the sandbox accepts and delivers."""
    numbers = [f"139{n // 80:06d}{20 + n % 80:02d}" for n in range(PEOPLE)]
    for start in range(0, PEOPLE, 1_000):
        with writing(brand.number) as session:
            contacts = make_contacts(session, [[phone(number)] for number in numbers[start : start + 1_000]])
            said = [NewConsent(one, "marketing", "sms", True, clock.now(), "test", "", "") for one in contacts]
            note_consents(session, said)


def start_campaign(brand: Tenant) -> Campaign:
    channel = make_channel(brand, "SMS", plugin="sms", settings={"signature": "山野茶事"})
    with writing(brand.number) as session:
        campaign = service.create_campaign(
            session, channel, service.Draft(name="Spring", message="新茶到了，拒收请回复R", audience=Everybody())
        )
        service.start(session, campaign)
        return campaign


def told_unknown(platform: Running, brand: Tenant, campaign: Campaign) -> int:
    """How many sends of unknown outcome the API lists, one by one; its own count must say the same."""
    token = begin_session(make_person(Role.BRAND_OPERATOR, brand))
    path = f"{platform.api}/v1/tenants/{brand.id}/campaigns/{campaign.id}"
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        listed, cursor = 0, None
        while True:
            asked = {"state": "unknown", "limit": "100", **({"cursor": cursor} if cursor else {})}
            page = client.get(f"{path}/deliveries", params=asked).raise_for_status().json()
            listed, cursor = listed + len(page["items"]), page["next"]
            if cursor is None:
                break
        assert client.get(path).raise_for_status().json()["counts"].get("unknown", 0) == listed
    return listed


@on_both
def test_campaign_survives_every_kill(platform: Running, brand_at_noon: Tenant) -> None:
    brand = brand_at_noon
    make_audience(brand)
    campaign = start_campaign(brand)

    def is_done() -> bool:
        with reading(brand.number) as session:
            return service.find_campaign(session, campaign.id).state == "done"

    def is_sending() -> bool:
        with reading(brand.number) as session:
            return count_states(session, campaign.number).get("intended", 0) > 0

    trouble = Trouble(platform, seed=20_261_123)
    trouble.strike_during("quick-1", is_sending)  # between the intention and the outcome: nobody knows what left
    trouble.until(is_done, victims=VICTIMS, kills=10)
    with reading(brand.number) as session:
        states = count_states(session, campaign.number)
        people = session.scalar(sa.select(sa.func.count(sa.distinct(Delivery.contact_number))))
        sent = session.scalars(sa.select(Touchpoint.contact_number).where(Touchpoint.kind == "message_sent")).all()
    known = states.get("accepted", 0) + states.get("delivered", 0)
    assert sum(states.values()) == people == PEOPLE
    assert set(states) <= {"accepted", "delivered", "unknown"}, states
    assert len(sent) == len(set(sent)) == known
    assert told_unknown(platform, brand, campaign) == states.get("unknown", 0)
    assert len(trouble.killed) >= 4
    assert trouble.left_behind() == []
