"""Two transactions that meet the same stranger at the same time; both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import reading, writing
from core.tenants.models import Tenant
from tests.factories.contacts import email, make_contacts, phone

THREADS = 4


def test_strangers_met_at_once_are_one(tenant: Tenant) -> None:
    together = Barrier(THREADS)
    events = [[phone("13812345678")], [email("a@example.com")], [phone("13812345678"), email("a@example.com")]]

    def meet(turn: int) -> set[int]:
        together.wait(timeout=30)
        with writing(tenant.number) as session:
            return set(make_contacts(session, events[turn % 2 :]))

    with ThreadPoolExecutor(THREADS) as pool:
        met = set.union(*pool.map(meet, range(THREADS)))
    with reading(tenant.number) as session:
        standing = session.scalars(sa.select(Contact.number).where(Contact.merged_into.is_(None))).all()
    assert met == set(standing)
    assert len(met) == 1
