"""A redeemed card shows a live code of its own; who comes by it is the one who redeemed, once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.contacts.models import Contact, ContactIdentity
from core.db import reading
from core.jobs.runner import run_pending
from core.rewards.joining import MOST_TRIES
from core.rewards.models import RewardJoin
from core.rewards.rules import Wanted
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.rewards import RewardingBrand


@pytest.fixture
def brand(client: RoleClient, tenant: Tenant, simulator: Simulator) -> RewardingBrand:
    made = RewardingBrand(client, tenant, simulator, wanted=Wanted("none"))
    made.join()
    return made


def kinds_by_person(brand: RewardingBrand) -> list[list[str]]:
    with reading(brand.tenant.number) as session:
        people: dict[int, set[str]] = {}
        for contact in session.scalars(sa.select(Contact).where(Contact.joined_at.is_not(None))):
            people.setdefault(contact.root, set())
        query = sa.select(Contact, ContactIdentity.kind).join(
            ContactIdentity, ContactIdentity.contact_number == Contact.number
        )
        for contact, kind in session.execute(query):
            if contact.root in people:
                people[contact.root].add(kind)
    return sorted(sorted(kinds - {"cookie"}) for kinds in people.values())


def joinings(brand: RewardingBrand) -> list[int | None]:
    with reading(brand.tenant.number) as session:
        query = sa.select(Touchpoint.placement_number).where(Touchpoint.kind == "joined")
        return list(session.scalars(query))


def codes(brand: RewardingBrand) -> list[str]:
    with reading(brand.tenant.number) as session:
        return list(session.scalars(sa.select(RewardJoin.state).order_by(RewardJoin.id)))


@pytest.mark.parametrize("how", ["staff", "group"])
def test_holder_of_card_joins_as_one_person(brand: RewardingBrand, how: str) -> None:
    brand.join(how)
    token = brand.redeem()
    assert "正在准备二维码" in brand.page(token)
    run_pending()
    assert f"/r/{token}/code" in brand.page(token)
    picture = brand.client.raw.get(f"/r/{token}/code")
    assert (picture.content_type, picture.data[:4]) == ("image/png", b"\x89PNG")
    brand.scan()
    brand.settle()
    assert kinds_by_person(brand) == [["phone", "unionid", "wecom_external_id"]]
    assert (joinings(brand), codes(brand)) == ([brand.placement.number], ["joined"])


def test_bad_days_of_events_end_equal(brand: RewardingBrand) -> None:
    brand.simulator.moods["wecom"] = Moods(late=1, late_by=40_000, doubled=1, shuffled=1, wrong=1)
    for number in range(3):
        brand.redeem(number, phone=f"1390000000{number}")
    run_pending()
    for _ in range(3):
        brand.scan()
    brand.settle()
    assert kinds_by_person(brand) == [["phone", "unionid", "wecom_external_id"]] * 3
    assert len(joinings(brand)) == 3


def test_forwarded_code_makes_another_person(brand: RewardingBrand) -> None:
    brand.redeem()
    run_pending()
    (way,) = brand.wecom.ways.values()
    for person in ("wmFirst", "wmSecond", "wmFirst"):
        brand.scan(str(way["state"]), person)
        brand.settle()
    assert kinds_by_person(brand) == [["phone", "unionid", "wecom_external_id"], ["unionid", "wecom_external_id"]]
    assert joinings(brand) == [brand.placement.number] * 2


def test_codes_share_one_token(brand: RewardingBrand) -> None:
    brand.simulator.conversation.clear()
    for number in range(4):
        brand.redeem(number, phone=f"1390000000{number}")
    run_pending()
    asked = [entry.what for entry in brand.simulator.conversation.entries(vendor="wecom")]
    assert (asked.count("/cgi-bin/gettoken"), len(brand.wecom.ways)) == (1, 4)


def test_state_is_short_and_tells_nothing(brand: RewardingBrand) -> None:
    brand.redeem()
    run_pending()
    (way,) = brand.wecom.ways.values()
    assert len(str(way["state"])) <= 30
    assert brand.serials[0] not in str(brand.wecom.ways)


def test_vendor_that_refuses_leaves_the_card_redeemed(brand: RewardingBrand) -> None:
    brand.simulator.moods["wecom"] = Moods(answers="busy")
    token = brand.redeem()
    run_pending(strict=False)
    assert (codes(brand), "正在准备二维码" in brand.page(token)) == (["asked"], True)


def test_code_is_given_up_at_last(brand: RewardingBrand) -> None:
    brand.simulator.moods["wecom"] = Moods(answers="code", code="40058")
    brand.redeem()
    for turn in range(1, MOST_TRIES + 3):
        with clock.set_to(clock.now() + timedelta(days=turn)):
            run_pending(strict=False)
    assert codes(brand) == ["failed"]
    brand.simulator.moods["wecom"] = Moods()
    brand.redeem(1, phone="13900000002")
    run_pending()
    assert codes(brand) == ["failed", "ready"]


def test_address_of_events_is_verified(brand: RewardingBrand) -> None:
    brand.simulator.moods["wecom"] = Moods(wrong=1)
    brand.simulator.tell("wecom", "verify", {})
    brand.simulator.queue.advance(60)
    counts = brand.simulator.queue.counts
    assert (counts.taken, counts.refused) == (1, 1)


def test_reward_and_code_stand_on_one_page(brand: RewardingBrand) -> None:
    brand.rule(Wanted("coupon", coupon_text="WELCOME10"))
    token = brand.redeem()
    run_pending()
    page = brand.page(token)
    assert ("WELCOME10" in page, f"/r/{token}/code" in page) == (True, True)
