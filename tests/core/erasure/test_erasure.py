"""A person who asks to be forgotten: no name stays, counts and revenue do, and nothing brings them back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from core import clock, settings
from core.audit.models import AuditEntry
from core.cli import siyu
from core.contacts import service as contacts
from core.contacts.models import Contact, ContactIdentity
from core.contacts.opening import identities_of
from core.db import Database, platform_reading, reading, writing
from core.erasure.service import erase_contact
from core.errors import NotFound
from core.jobs.runner import run_pending
from core.lake.checking import check_lake
from core.lake.facts import TouchFacts
from core.lake.flush import flush_lake, rebuild_lake
from core.lake.parts import lake_folder, read_facts
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.core.lake.made_facts import add_order, add_people, add_touches, at, lake_rows

PHONE = "13912345678"


def id_of(tenant: Tenant, number: int) -> str:
    with reading(tenant.number) as session:
        return str(session.scalars(sa.select(Contact.id).where(Contact.number == number)).one())


def resolve_phone(tenant: Tenant) -> int:
    with writing(tenant.number) as session:
        return contacts.resolve(session, [[contacts.IdentityClaim("phone", PHONE)]])[0]


@pytest.fixture
def ann(tenant: Tenant) -> int:
    """Somebody with two contacts, touches and an order, beside somebody else; all in the lake."""
    number = resolve_phone(tenant)
    with writing(tenant.number) as session:
        old, other = add_people(session, 2)
        contacts.merge(session, loser=old, into=number)
        contacts.describe(session, number, fields={"name": "Ann"})
        contacts.tag(session, [number], tags=["vip"])
        add_touches(session, [number, old, other], [1, 2, 3])
        add_order(session, number, 4, 700)
    flush_lake(tenant.number)
    return number


def erase(tenant: Tenant, number: int) -> None:
    contact = id_of(tenant, number)
    with writing(tenant.number) as session:
        erase_contact(session, contact)


def test_no_name_is_left(tenant: Tenant, ann: int) -> None:
    erase(tenant, ann)
    with reading(tenant.number) as session:
        assert identities_of(session, [ann])[ann] == []
        assert contacts.profile_of(session, ann) == {}
        assert contacts.tags_of(session, [ann])[ann] == []
        left = session.scalars(sa.select(ContactIdentity.contact_number)).all()
        assert (len(left), ann in left) == (1, False)
        assert [t.detail for t in session.scalars(sa.select(Touchpoint))][:2] == [{}, {}]


def test_lake_keeps_revenue_without_person(tenant: Tenant, ann: int) -> None:
    erase(tenant, ann)
    flush_lake(tenant.number)
    touches, bought = lake_rows(tenant)
    assert (len(touches), [row[0] for row in bought], [row[2] for row in bought]) == (1, [0], [700])
    assert check_lake(tenant.number).faults == []
    rebuild_lake(tenant.number)
    assert lake_rows(tenant) == (touches, bought)


def cancel_order(tenant: Tenant, ann: int) -> None:
    with writing(tenant.number) as session:
        number = session.scalars(sa.select(Order.order_no).where(Order.amount_minor == 700)).one()
        orders.cancel(session, channel_number=1, order_no=number, event_id="c", at=at(30))


def refund_order(tenant: Tenant, ann: int) -> None:
    with writing(tenant.number) as session:
        number = session.scalars(sa.select(Order.order_no).where(Order.amount_minor == 700)).one()
        orders.refund(session, channel_number=1, order_no=number, amount_minor=200, event_id="r", at=at(30))


def order_anew(tenant: Tenant, ann: int) -> None:
    refund_order(tenant, ann)
    with writing(tenant.number) as session:
        add_order(session, ann, 4, 50)


def erase_both(tenant: Tenant, ann: int) -> int:
    """Ann, and somebody else who bought for 40, whose number is returned."""
    with writing(tenant.number) as session:
        (bob,) = add_people(session, 1)
        add_order(session, bob, 5, 40)
    flush_lake(tenant.number)
    erase(tenant, bob)
    erase(tenant, ann)
    return bob


@pytest.mark.parametrize(
    ("happens", "values"),
    [(cancel_order, [40]), (refund_order, [40, 500]), (order_anew, [40, 50, 500]), (erase, [40, 700])],
)
def test_changed_orders_of_nobody_count_once(
    tenant: Tenant, ann: int, happens: Callable[[Tenant, int], object], values: list[int]
) -> None:
    erase_both(tenant, ann)
    flush_lake(tenant.number)
    happens(tenant, ann)
    assert check_lake(tenant.number).faults == []
    flush_lake(tenant.number)
    followed = lake_rows(tenant)
    assert sorted(row[2] for row in followed[1]) == values
    assert check_lake(tenant.number).faults == []
    rebuild_lake(tenant.number)
    assert lake_rows(tenant) == followed


def test_orders_after_an_erasure_stay_once(tenant: Tenant, ann: int) -> None:
    """Of somebody else who was erased, while Ann's order is refunded: one told late, one placed later."""
    bob = erase_both(tenant, ann)
    years = (clock.now() - at(0)).total_seconds() / 60 + 60
    with writing(tenant.number) as session:
        add_order(session, bob, years, 60)
    flush_lake(tenant.number)
    refund_order(tenant, ann)
    with writing(tenant.number) as session:
        add_order(session, bob, 6, 50)
    flush_lake(tenant.number)
    followed = lake_rows(tenant)
    assert sorted((row[0], row[2]) for row in followed[1]) == [(0, 40), (0, 50), (0, 500), (bob, 60)]
    rebuild_lake(tenant.number)
    assert lake_rows(tenant) == followed


def test_rows_leave_the_disk(tenant: Tenant, ann: int) -> None:
    erase(tenant, ann)
    run_pending()
    with clock.set_to(clock.now() + timedelta(hours=6)):
        flush_lake(tenant.number)
    folder = lake_folder(tenant.number)
    names = [str(path.relative_to(folder)) for path in folder.rglob("*-touches.parquet")]
    held = {number for name in names for number in read_facts(tenant.number, name, TouchFacts).contact.tolist()}
    assert (len(names), ann in held) == (1, False)
    assert not list(folder.rglob("*-drops.parquet"))


def test_deed_is_in_the_audit_log(tenant: Tenant, ann: int) -> None:
    erase(tenant, ann)
    with platform_reading() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "contact.erased")).one()
    assert (PHONE in entry.detail, '"contacts":2' in entry.detail.replace(" ", "")) == (False, True)


def test_other_brands_contact_is_unknown(tenant: Tenant, other_tenant: Tenant, ann: int) -> None:
    contact = id_of(tenant, ann)
    with pytest.raises(NotFound), writing(other_tenant.number) as session:
        erase_contact(session, contact)


def test_erase_command_says_what_went(tenant: Tenant, ann: int, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIYU_DATABASE_URL", db.engine.url.render_as_string(hide_password=False))
    settings.current.cache_clear()
    said = CliRunner().invoke(siyu, ["erase", id_of(tenant, ann), "--tenant", tenant.name, "--yes"])
    assert (said.exit_code, "2 identities of 2 contacts" in said.output) == (0, True)
