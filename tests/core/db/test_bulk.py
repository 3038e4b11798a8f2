"""Insert-or-ignore: what went in is told apart from what was there, on both databases."""

import sqlalchemy as sa

from core.contacts.models import Contact, ContactTag
from core.db import insert_new, new_id, reading, writing
from core.tenants.models import Tenant


def test_only_new_rows_are_named(tenant: Tenant) -> None:
    ids = [new_id() for _ in range(3)]
    with writing(tenant.number) as session:
        assert insert_new(session, Contact, [{"id": ids[0], "number": 1}], conflict=["number"]) == ids[:1]
        rows = [{"id": ids[1], "number": 1}, {"id": ids[2], "number": 2}, {"id": new_id(), "number": 2}]
        assert insert_new(session, Contact, rows, conflict=["number"]) == ids[2:]


def test_defaults_are_filled_in(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        insert_new(session, Contact, [{"number": 1}], conflict=["number"])
        insert_new(session, ContactTag, [{"contact_number": 1, "tag": "vip"}], conflict=["tag", "contact_number"])
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(ContactTag)).one().created_at.tzinfo is not None


def test_rows_may_name_different_columns(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        rows: list[dict[str, object]] = [{"number": 1, "merged_into": None}, {"number": 2, "facts_since": None}]
        insert_new(session, Contact, rows, conflict=["number"])
        assert session.scalars(sa.select(Contact.number).order_by(Contact.number)).all() == [1, 2]


def test_rows_of_other_tenants_stay_apart(tenant: Tenant, other_tenant: Tenant) -> None:
    for brand in (tenant, other_tenant):
        with writing(brand.number) as session:
            assert len(insert_new(session, Contact, [{"number": 1}], conflict=["number"])) == 1
