"""One gift a person and never more than there are, also when everybody asks at once."""

import threading

import pytest

from core.contacts.service import IdentityClaim, merge, resolve
from core.db import reading, writing
from core.placements.models import Placement
from core.placements.service import placement_by_number
from core.stores.gifts import Handed, count_given, hand_out
from core.tenants.models import Tenant
from tests.factories.stores import make_place, make_stores


@pytest.fixture
def event(tenant: Tenant) -> Placement:
    return make_place(tenant, make_stores(tenant), "Opening day", place="event")


def ask(tenant: Tenant, event: Placement, phone: str, *, stock: int = 2) -> Handed:
    with writing(tenant.number) as session:
        (who,) = resolve(session, [(IdentityClaim("phone", phone),)])
        return hand_out(session, placement_by_number(session, event.number), who, stock=stock)


def test_everybody_gets_one(tenant: Tenant, event: Placement) -> None:
    first, again, second = (ask(tenant, event, phone) for phone in ("13900000001", "13900000001", "13900000002"))
    assert (first, again, second) == (Handed(1, is_new=True), Handed(1), Handed(2, is_new=True))


def test_what_is_gone_is_gone(tenant: Tenant, event: Placement) -> None:
    for phone in ("13900000001", "13900000002"):
        ask(tenant, event, phone)
    assert ask(tenant, event, "13900000003") == Handed(None)
    assert ask(tenant, event, "13900000003", stock=3) == Handed(3, is_new=True)


def test_merged_people_had_one(tenant: Tenant, event: Placement) -> None:
    ask(tenant, event, "13900000001")
    with writing(tenant.number) as session:
        one, other = resolve(
            session, [(IdentityClaim("phone", "13900000001"),), (IdentityClaim("phone", "13900000002"),)]
        )
        merge(session, loser=one, into=other)
    assert ask(tenant, event, "13900000002") == Handed(1)


def test_a_rush_empties_the_shelf_exactly(tenant: Tenant, event: Placement) -> None:
    handed: list[Handed] = []
    phones = [f"1390000{number % 12:04}" for number in range(24)]

    def rush(phone: str) -> None:
        handed.append(ask(tenant, event, phone, stock=5))

    threads = [threading.Thread(target=rush, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number for one in handed if one.is_new and one.number) == [1, 2, 3, 4, 5]
    with reading(tenant.number) as session:
        assert count_given(session, placement_by_number(session, event.number)) == 5
