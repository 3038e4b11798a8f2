"""Orders of erased people stay, as nobody's: they are no buyer, and no first order."""

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.insights.made_market import FIRST, WINDOW, ask
from tests.core.lake.made_facts import add_order, add_people, add_touches

DAY = 24 * 60


@pytest.fixture
def left(berlin: Tenant) -> Tenant:
    """Three who bought three times each for 10.00, two of whom were erased."""
    with writing(berlin.number) as session:
        people = add_people(session, 3)
        add_touches(session, people, [30 * DAY] * 3)
        for day in (40, 50, 60):
            for who in people:
                add_order(session, who, day * DAY)
        for contact in session.scalars(sa.select(Contact).where(Contact.number.in_(people[:2]))):
            erase_contact(session, str(contact.id))
    run_pending()
    return berlin


def test_nobody_is_no_buyer(left: Tenant, shop: RoleClient) -> None:
    rfm, retention = ask(shop, "rfm", **WINDOW), ask(shop, "retention", **WINDOW)
    assert (rfm["buyers"], rfm["orders"], rfm["revenue"]) == (1, 3, "30.00")
    assert [(one["buyers"], one["repeaters"]) for one in retention["cohorts"] if one["buyers"]] == [(1, 1)]


def test_nobody_orders_for_the_first_time(left: Tenant, shop: RoleClient) -> None:
    waves = ask(shop, "waves", launch=FIRST.date().isoformat(), ends="45,55,65,70,80")["waves"]
    assert [(one["orders"], one["buyers"], one["first_orders"]) for one in waves[:3]] == [
        (3, 1, 1),
        (3, 1, 0),
        (3, 1, 0),
    ]
    total = ask(shop, "costs", **WINDOW)["total"]
    assert (total["orders"], total["first_orders"], total["revenue"]) == (9, 1, "90.00")
    with reading(left.number) as session:
        assert session.scalar(sa.select(sa.func.count()).where(Contact.erased_at.is_not(None))) == 2
