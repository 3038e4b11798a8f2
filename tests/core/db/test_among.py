"""Asking for many values with one parameter, whatever their kind, on both databases."""

from collections.abc import Sequence

import sqlalchemy as sa

from core.contacts.models import Contact, ContactIdentity, ContactTag
from core.db import among, insert_columns, insert_new, new_id, new_ids, writing
from core.tenants.models import Tenant

TAGS = ["老客", "it's", 'say "hi"', "é"]


def test_values_of_every_kind_are_found(tenant: Tenant) -> None:
    ids = [new_id() for _ in range(3)]
    tokens = [bytes([i]) * 32 for i in range(3)]
    with writing(tenant.number) as session:
        insert_new(session, Contact, [{"id": ids[i], "number": i + 1} for i in range(3)], conflict=["number"])
        columns: dict[str, Sequence[object]] = {"id": new_ids(3), "contact_number": [1, 2, 3], "blind_index": tokens}
        same = {"kind": "phone", "app": "", "sealed": b"x"}
        insert_columns(session, ContactIdentity, columns, conflict=["kind", "app", "blind_index"], same=same)
        tags = [{"contact_number": 1, "tag": tag} for tag in TAGS]
        insert_new(session, ContactTag, tags, conflict=["tag", "contact_number"])

        def numbers(condition: sa.ColumnElement[bool]) -> list[int]:
            return sorted(session.scalars(sa.select(Contact.number).where(condition)))

        assert numbers(among(session, Contact.number, [3, 1, 9])) == [1, 3]
        assert numbers(among(session, Contact.id, [ids[1], new_id()])) == [2]
        assert numbers(among(session, Contact.id, [])) == numbers(among(session, Contact.number, [])) == []
        found = sa.select(ContactIdentity.contact_number).where(
            among(session, ContactIdentity.blind_index, [tokens[0], tokens[2], b"\xff" * 32])
        )
        assert sorted(session.scalars(found)) == [1, 3]
        words = sa.select(ContactTag.tag).where(among(session, ContactTag.tag, [*TAGS[:3], "none"]))
        assert set(session.scalars(words)) == set(TAGS[:3])


def test_inserted_rows_are_named_by_place(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        first: dict[str, Sequence[object]] = {"id": new_ids(2), "number": [1, 2]}
        assert list(insert_columns(session, Contact, first, conflict=["number"])) == [0, 1]
        second: dict[str, Sequence[object]] = {"id": new_ids(4), "number": [2, 3, 3, 4]}
        assert list(insert_columns(session, Contact, second, conflict=["number"])) == [1, 3]
        assert list(insert_columns(session, Contact, {"id": [], "number": []}, conflict=["number"])) == []
