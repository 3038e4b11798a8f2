"""Inviters over HTTP: masked, paged, of this brand only."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import writing
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.contacts import make_contact, phone

AT = datetime(2026, 5, 1, tzinfo=UTC)
PHONES = [f"1381234567{n}" for n in range(5)]


@pytest.fixture
def ids(tenant: Tenant) -> list[str]:
    """Five people: the first brought the second, and that one the three others."""
    with writing(tenant.number) as session:
        numbers = [make_contact(session, phone(value), at=AT) for value in PHONES]
        above = [PHONES[0], *[PHONES[1]] * 3]
        told = [InviterTold(number, by, AT, "import") for number, by in zip(numbers[1:], above, strict=True)]
        claim_inviters(session, told)
        return [str(one) for one in session.scalars(sa.select(Contact.id).order_by(Contact.number))]


def seen(client: RoleClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_chain_is_shown_masked(client: RoleClient, ids: list[str]) -> None:
    shown = seen(client, f"/contacts/{ids[4]}/inviter")
    assert [one["id"] for one in shown["chain"]] == [ids[1], ids[0]]
    assert shown["inviter"]["identities"][0]["masked"] == "138****5671"
    assert (shown["inviter"]["brought"], shown["at"][:10]) == (3, "2026-05-01")
    assert seen(client, f"/contacts/{ids[0]}/inviter") == {"inviter": None, "chain": [], "at": None}


def test_invitees_come_in_pages(client: RoleClient, ids: list[str]) -> None:
    first = seen(client, f"/contacts/{ids[1]}/invitees?limit=2")
    rest = seen(client, f"/contacts/{ids[1]}/invitees?limit=2&cursor={first['next']}")
    found = [one["id"] for one in (*first["items"], *rest["items"])]
    assert (sorted(found), rest["next"]) == (sorted(ids[2:]), None)


def test_top_inviters_are_counted(client: RoleClient, ids: list[str]) -> None:
    items = seen(client, "/referrals/inviters")["items"]
    assert [(one["id"], one["brought"]) for one in items] == [(ids[1], 3), (ids[0], 1)]
    assert seen(client, "/referrals") == {"invited": 4, "inviters": 2, "pending": 0, "refused": {}}
