"""The channel and the simulated vendors understand each other: signatures, lists, pushes, and their bad days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock
from core.channels.service import channel_by_number, issue_hook
from core.db import reading, writing
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.simulator.day import live_a_day
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.simulators import Postbox

KEYS = ("tiktok", "google_forms")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def form_of(simulator: Simulator) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for key in KEYS:
        form |= dict(simulator.vendors[key].account)
    return form


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


class Brand:
    """A tenant whose channel has accounts at every simulated vendor."""

    def __init__(self, client: RoleClient, tenant: Tenant, simulator: Simulator) -> None:
        self.tenant, self.simulator = tenant, simulator
        channel = make_channel(tenant, "Video", plugin="short_video", settings=form_of(simulator))
        with writing(tenant.number) as session:
            hook = f"http://127.0.0.1/hooks/{issue_hook(session, channel_by_number(session, channel.number))}"
        for key in KEYS:
            simulator.vendors[key].hooks[""] = hook
        simulator.queue.post = Postbox(client.raw.application)

    def settle(self) -> None:
        self.simulator.queue.advance(86_400)
        submit_due_polls()
        run_pending()

    def leads(self) -> list[tuple[str, int | None]]:
        with reading(self.tenant.number) as session:
            rows = session.scalars(sa.select(Touchpoint).where(Touchpoint.kind == "lead"))
            return sorted((row.event_id.split("-")[1], row.placement_number) for row in rows)


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> Brand:
    return Brand(client, tenant, simulator)


def tell_all(brand: Brand) -> None:
    for number, key in enumerate(KEYS):
        brand.simulator.tell(key, "lead", {"phone": f"1390000000{number}", "name": "李雷"})


def test_every_vendor_brings_its_lead(brand: Brand) -> None:
    tell_all(brand)
    brand.settle()
    assert brand.leads() == [("google", None), ("tiktok", None)]
    assert brand.simulator.queue.counts.given_up == 0


def test_bad_days_end_equal(brand: Brand) -> None:
    for key in KEYS:
        brand.simulator.moods[key] = Moods(late=1, late_by=30 * 86_400, doubled=1, shuffled=1, wrong=1)
    tell_all(brand)
    for days in range(33):
        with clock.set_to(NOON + timedelta(days=days)):
            brand.simulator.queue.deliver_due()
            if days % 8 == 0:
                run_pending()
    with clock.set_to(NOON + timedelta(days=33)):
        brand.settle()
    assert len(brand.leads()) == 2
    assert brand.simulator.queue.counts.given_up == 0


def test_simulated_day_brings_leads(brand: Brand) -> None:
    live_a_day(brand.simulator, seed=5)
    brand.settle()
    assert {name for name, _ in brand.leads()} == {"google", "tiktok"}
