"""The channel and the simulated vendors understand each other: signatures, lists, pushes, and their bad days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from core import clock
from core.channels.service import channel_by_number, issue_hook
from core.contacts.models import ContactIdentity
from core.db import reading, writing
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.placements.models import Placement
from core.placements.service import create_placement
from core.sdk import BadSettings, ChannelFailure, Throttled, Unreachable
from core.sdk.simulated import MARK
from core.simulator.day import live_a_day
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from plugins.short_video.asking import UNTRIED
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.simulators import Postbox

KEYS = ("tiktok", "google_forms", "xiaohongshu", "meta")
ALL = ["google", "meta", "oceanengine", "tiktok", "xiaohongshu"]
LISTS = ("ocean_advertisers", "ocean_local_accounts", "meta_form_ids")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)


def form_of(simulator: Simulator) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for key in (*KEYS, "oceanengine", "feiyu"):
        for name, value in simulator.vendors[key].account.items():
            if name in VideoSettings.model_fields:
                form[name] = [value] if name in LISTS else value
    return form


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


class Brand:
    """A tenant whose channel has accounts at every simulated vendor."""

    def __init__(self, client: RoleClient, tenant: Tenant, simulator: Simulator) -> None:
        self.tenant, self.simulator = tenant, simulator
        self.settings = VideoSettings.model_validate(form_of(simulator))
        channel = make_channel(tenant, "Video", plugin="short_video", settings=form_of(simulator))
        with writing(tenant.number) as session:
            row = channel_by_number(session, channel.number)
            hook = f"http://127.0.0.1/hooks/{issue_hook(session, row)}"
            for item_id in ("n1", "v1"):
                create_placement(
                    session,
                    channel=row,
                    name=item_id,
                    starts_at=NOON - timedelta(days=1),
                    detail={"platform": "other", "item_id": item_id},
                )
        simulator.vendors["xiaohongshu"].settings["note_id"] = "n1"
        simulator.vendors["oceanengine"].settings["video_id"] = "v1"
        for key in KEYS:
            simulator.vendors[key].hooks[""] = hook
        simulator.queue.post = Postbox(client.raw.application)

    def settle(self) -> None:
        self.simulator.queue.advance(86_400)
        submit_due_polls()
        run_pending()

    def leads(self) -> list[tuple[str, str]]:
        with reading(self.tenant.number) as session:
            names = {row.number: row.name for row in session.scalars(sa.select(Placement))}
            rows = session.scalars(sa.select(Touchpoint).where(Touchpoint.kind == "lead"))
            return sorted((row.event_id.split("-")[1], names.get(row.placement_number or 0, "")) for row in rows)

    def phones(self) -> int:
        with reading(self.tenant.number) as session:
            return session.scalar(sa.select(sa.func.count()).where(ContactIdentity.kind == "phone")) or 0


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> Brand:
    return Brand(client, tenant, simulator)


def tell_all(brand: Brand) -> None:
    for number, key in enumerate(KEYS):
        brand.simulator.tell(key, "lead", {"phone": f"+861390000000{number}", "name": "李雷"})
    brand.simulator.tell("oceanengine", "video_lead", {"phone": "+8613900000008"})
    brand.simulator.tell("oceanengine", "live_lead", {"phone": "+8613900000009"})


def test_every_vendor_brings_its_lead(brand: Brand) -> None:
    tell_all(brand)
    brand.settle()
    placed = {"oceanengine": "v1", "xiaohongshu": "n1"}
    assert brand.leads() == [(name, placed.get(name, "")) for name in ALL]
    assert brand.phones() == len(ALL)
    assert brand.simulator.queue.counts.given_up == 0


def test_feiyu_is_believed_by_its_token(brand: Brand) -> None:
    feiyu, queue = brand.simulator.vendors["feiyu"], brand.simulator.queue
    feiyu.hooks[""], feiyu.settings["video_id"] = brand.simulator.vendors["meta"].hooks[""], "v1"
    brand.simulator.moods["feiyu"] = Moods(doubled=1, wrong=1)
    brand.simulator.tell("feiyu", "lead", {"phone": "+8613900000001", "name": "李雷"})
    brand.settle()
    assert brand.leads() == [("oceanengine", "v1")]
    assert queue.counts.given_up == 0
    said = [entry.status for entry in brand.simulator.conversation.entries(vendor="feiyu")]
    assert sorted(said) == [200, 200, 401]


def test_bad_days_end_equal(brand: Brand) -> None:
    for key in KEYS:
        brand.simulator.moods[key] = Moods(late=1, late_by=30 * 86_400, doubled=1, shuffled=1, wrong=1)
    tell_all(brand)
    for days in range(33):
        with clock.set_to(NOON + timedelta(days=days)):
            brand.simulator.queue.deliver_due()
            if days % 8 == 0:
                submit_due_polls()
                run_pending()
    with clock.set_to(NOON + timedelta(days=33)):
        brand.settle()
    assert [name for name, _ in brand.leads()] == ALL
    assert brand.simulator.queue.counts.given_up == 0


def test_simulated_day_brings_leads(brand: Brand) -> None:
    live_a_day(brand.simulator, seed=5)
    brand.settle()
    assert {name for name, _ in brand.leads()} == set(ALL)


def test_lost_notice_of_meta_is_fetched(brand: Brand) -> None:
    brand.simulator.moods["meta"] = Moods(lost=1)
    brand.simulator.tell("meta", "lead", {"phone": "+8613900000001", "name": "李雷"})
    brand.settle()
    assert [name for name, _ in brand.leads()] == ["meta"]


def test_advertisers_leads_come_by_pages(brand: Brand) -> None:
    for number in range(101):
        brand.simulator.tell("oceanengine", "ad_lead", {"phone": f"+86139000{number:05}"})
    brand.settle()
    assert len(brand.leads()) == 101


def test_form_of_meta_comes_by_pages(brand: Brand) -> None:
    brand.simulator.moods["meta"] = Moods(lost=1)
    for number in range(101):
        brand.simulator.tell("meta", "lead", {"phone": f"+86139000{number:05}"})
    brand.settle()
    assert len(brand.leads()) == 101


def test_address_of_meta_is_verified(brand: Brand) -> None:
    brand.simulator.moods["meta"] = Moods(wrong=1)
    brand.simulator.tell("meta", "verify", {})
    brand.simulator.queue.advance(60)
    counts = brand.simulator.queue.counts
    assert (counts.taken, counts.refused) == (1, 1)


@pytest.mark.parametrize("key", KEYS)
def test_forged_leads_are_refused(brand: Brand, key: str) -> None:
    brand.simulator.moods[key] = Moods(wrong=1)
    brand.simulator.tell(key, "lead", {"phone": "+8613900000001", "name": "李雷"})
    brand.simulator.queue.advance(60)
    counts = brand.simulator.queue.counts
    assert (counts.taken, counts.refused) == (1, 1)


def test_check_accepts_the_simulated_accounts(brand: Brand) -> None:
    assert ShortVideo().check(brand.settings) == (UNTRIED,)


@pytest.mark.parametrize(
    ("answers", "failure"), [("busy", Throttled), ("empty", ChannelFailure), ("broken", Unreachable)]
)
def test_bad_moods_reach_the_pull(brand: Brand, answers: Answers, failure: type[ChannelFailure]) -> None:
    for key in ("meta", "oceanengine"):
        brand.simulator.moods[key] = Moods(answers=answers)
    with pytest.raises(failure):
        ShortVideo().pull(None, brand.settings)


@pytest.mark.parametrize(("field", "value"), [("ocean_token", f"wrong-{MARK}"), ("meta_page_token", f"wrong-{MARK}")])
def test_wrong_tokens_are_bad_settings(brand: Brand, field: str, value: str) -> None:
    with pytest.raises(BadSettings):
        ShortVideo().check(brand.settings.model_copy(update={field: SecretStr(value)}))
