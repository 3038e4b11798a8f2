"""Who removed an account of the brand's is told on their page and counted; their touches stay."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import clock
from core.contacts.models import Contact, RelationChange
from core.contacts.relations import people_who_left
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.jobs.runner import run_pending
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
    made.redeem()
    run_pending()
    return made


def come(brand: RewardingBrand) -> str:
    (way,) = brand.wecom.ways.values()
    brand.scan(str(way["state"]), "wmFirst")
    return str(way["state"])


def tell(brand: RewardingBrand, what: str, person: str = "wmFirst") -> None:
    brand.simulator.tell("wecom", what, {"person": person})


def page_of(brand: RewardingBrand) -> list[tuple[str, str, str, str]]:
    (contact,) = brand.client.get("/contacts").get_json()["items"]
    told = brand.client.get(f"/contacts/{contact['id']}").get_json()["relations"]
    return [(one["state"], one["by"], one["account"], one["channel"]) for one in told]


def left(brand: RewardingBrand) -> int:
    with reading(brand.tenant.number) as session:
        return len(people_who_left(session))


def count(brand: RewardingBrand, model: type[Contact | Touchpoint | RelationChange]) -> int:
    with reading(brand.tenant.number) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("what", "by"), [("leave", "person"), ("remove", "brand")])
def test_end_is_told_and_counted(brand: RewardingBrand, what: str, by: str) -> None:
    come(brand)
    brand.settle()
    before = count(brand, Touchpoint)
    assert (page_of(brand), left(brand)) == ([("begun", "", "zhang", "Cards")], 0)
    tell(brand, what)
    brand.settle()
    assert page_of(brand) == [("ended", by, "zhang", "Cards"), ("begun", "", "zhang", "Cards")]
    assert (left(brand), count(brand, Touchpoint)) == (1, before)


def test_coming_back_is_no_loss(brand: RewardingBrand) -> None:
    begin = clock.now()
    for minutes, act in ((0, come), (10, lambda one: tell(one, "leave")), (20, come)):
        with clock.set_to(begin + timedelta(minutes=minutes)):
            act(brand)
            brand.settle()
    assert [state for state, *_ in page_of(brand)] == ["begun", "ended", "begun"]
    assert left(brand) == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_of_events_ends_equal(brand: RewardingBrand, seed: int) -> None:
    brand.simulator.moods["wecom"] = Moods(doubled=1, shuffled=1, late=0.5, late_by=40_000, seed=seed)
    begin = clock.now()
    for minutes, act in ((0, come), (10, lambda one: tell(one, "leave"))):
        with clock.set_to(begin + timedelta(minutes=minutes)):
            act(brand)
    brand.settle()
    assert (left(brand), [state for state, *_ in page_of(brand)]) == (1, ["ended", "begun"])


def test_end_makes_nobody_a_contact(brand: RewardingBrand) -> None:
    before = count(brand, Contact)
    tell(brand, "leave", "wmStranger")
    brand.settle()
    assert (count(brand, Contact), count(brand, RelationChange), left(brand)) == (before, 1, 0)


def test_one_account_of_two_is_no_loss(brand: RewardingBrand) -> None:
    come(brand)
    brand.settle()
    with writing(brand.tenant.number) as session:
        known = session.scalars(sa.select(RelationChange)).one()
        same = {name: getattr(known, name) for name in ("channel_number", "kind", "app", "blind_index")}
        for minutes, state in ((1, "begun"), (2, "ended")):
            at = known.at + timedelta(minutes=minutes)
            session.add(RelationChange(**same, event_id=state, account="li", state=state, by="person", at=at))
    assert left(brand) == 0


def test_erased_person_has_no_relations(brand: RewardingBrand) -> None:
    come(brand)
    tell(brand, "leave", "wmStranger")
    brand.settle()
    assert count(brand, RelationChange) == 2
    with writing(brand.tenant.number) as session:
        erase_contact(session, str(session.scalar(sa.select(Contact.id).where(Contact.joined_at.is_not(None)))))
    assert count(brand, RelationChange) == 1
