"""Live codes that nobody needs are deleted at the vendor, once, and what is told of them late is still understood."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.contacts.models import Contact
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.jobs.runner import run_pending
from core.placements.models import Placement
from core.placements.service import archive_placement, find_placement
from core.rewards.dropping import MOST_TRIES, submit_drops
from core.rewards.models import RewardJoin
from core.rewards.rules import Wanted
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.rewards import RewardingBrand

MONTH = timedelta(days=31)


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> RewardingBrand:
    made = RewardingBrand(client, tenant, simulator, wanted=Wanted("none"))
    made.join()
    return made


def make_codes(brand: RewardingBrand, count: int = 2) -> None:
    for number in range(count):
        brand.redeem(number, phone=f"1390000000{number}")
    run_pending()
    assert len(brand.wecom.ways) == count


def archive(brand: RewardingBrand) -> None:
    with writing(brand.tenant.number) as session:
        archive_placement(session, find_placement(session, brand.placement.id))


def sweep(*, strict: bool = True) -> None:
    submit_drops()
    run_pending(strict=strict)


def rows(brand: RewardingBrand) -> list[RewardJoin]:
    with reading(brand.tenant.number) as session:
        return list(session.scalars(sa.select(RewardJoin).order_by(RewardJoin.id)))


@pytest.mark.parametrize("how", ["staff", "group"])
def test_archived_placement_frees_its_codes(brand: RewardingBrand, how: str) -> None:
    brand.join(how)
    make_codes(brand)
    token = brand.redeem(2, phone="13900000009")
    run_pending()
    sweep()
    assert len(brand.wecom.ways) == 3
    archive(brand)
    sweep()
    assert brand.wecom.ways == {}
    assert all(row.dropped_at is not None and row.image is None for row in rows(brand))
    assert f"/r/{token}/code" not in brand.page(token)
    brand.simulator.conversation.clear()
    sweep()
    assert list(brand.simulator.conversation.entries(vendor="wecom")) == []


def test_ended_placement_keeps_codes_a_month(brand: RewardingBrand) -> None:
    make_codes(brand)
    with writing(brand.tenant.number) as session:
        session.execute(sa.update(Placement).values(ends_at=clock.now() + timedelta(days=1)))
    now = clock.now()
    with clock.set_to(now + timedelta(days=20)):
        sweep()
        assert len(brand.wecom.ways) == 2
    with clock.set_to(now + timedelta(days=1) + MONTH):
        sweep()
    assert brand.wecom.ways == {}


def test_erased_person_needs_no_code(brand: RewardingBrand) -> None:
    make_codes(brand)
    with writing(brand.tenant.number) as session:
        first = session.scalar(sa.select(Contact.id).order_by(Contact.number))
        erase_contact(session, str(first))
    sweep()
    assert len(brand.wecom.ways) == 1


def test_lost_answer_is_no_failure(brand: RewardingBrand) -> None:
    make_codes(brand)
    archive(brand)
    brand.simulator.moods["wecom"] = Moods(answers="broken")
    sweep(strict=False)
    brand.simulator.moods["wecom"] = Moods()
    run_pending()
    sweep()
    assert brand.wecom.ways == {}
    assert all(row.dropped_at is not None for row in rows(brand))


def test_refused_code_is_tried_some_times(brand: RewardingBrand, monkeypatch: pytest.MonkeyPatch) -> None:
    make_codes(brand, 1)
    archive(brand)
    monkeypatch.setattr(type(brand.wecom), "_delete_way", lambda vendor, told, kind: vendor.refuse("40058"))
    for _ in range(MOST_TRIES + 2):
        sweep()
    (row,) = rows(brand)
    assert (row.drop_tries, row.dropped_at) == (MOST_TRIES, None)


def test_late_event_of_deleted_code_is_understood(brand: RewardingBrand) -> None:
    make_codes(brand, 1)
    brand.scan()
    archive(brand)
    sweep()
    brand.settle()
    with reading(brand.tenant.number) as session:
        joined = session.scalars(sa.select(Touchpoint.placement_number).where(Touchpoint.kind == "joined")).all()
    assert joined == [brand.placement.number]
