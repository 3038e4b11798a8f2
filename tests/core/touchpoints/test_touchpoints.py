"""Touchpoints are recorded once, cleaned of personal values, and say where contacts came from."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import reading, writing
from core.errors import Invalid
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from core.touchpoints.service import record, timeline
from tests.factories.channels import make_channel
from tests.factories.contacts import cookie, make_contact, phone
from tests.factories.placements import make_placement
from tests.factories.touchpoints import NOON, new_touch

MINUTE = timedelta(minutes=1)


@pytest.fixture
def posters(tenant: Tenant) -> list[int]:
    channel = make_channel(tenant, "Street")
    return [make_placement(tenant, f"Poster {n}", channel=channel).number for n in range(4)]


def test_same_event_is_stored_once(tenant: Tenant) -> None:
    street = make_channel(tenant, "Street").number
    with writing(tenant.number) as session:
        one = make_contact(session)
        first = record(
            session, [new_touch(one, event_id="a"), new_touch(one, event_id="b"), new_touch(one, event_id="a")]
        )
        again = record(session, [new_touch(one, event_id="a"), new_touch(one, event_id="a", channel_number=street)])
        assert (len(first.new), first.duplicates) == (2, 1)
        assert (len(again.new), again.duplicates) == (1, 1)
        assert len(session.scalars(sa.select(Touchpoint.id)).all()) == 3


def test_recorded_rows_carry_transaction(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_touch(make_contact(session))])
        on_postgres = session.get_bind().dialect.name == "postgresql"
        assert (session.scalars(sa.select(Touchpoint.tx)).one() > 0) == on_postgres


@pytest.mark.parametrize("bad", [{"kind": "dance"}, {"event_id": "x" * 201}, {"nested": {"a": 1}}])
def test_bad_touch_is_refused(tenant: Tenant, bad: dict[str, object]) -> None:
    with writing(tenant.number) as session, pytest.raises(Invalid):
        record(session, [new_touch(make_contact(session), **bad)])  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize(
    "personal",
    [
        "13812345678",
        "+86 138-1234-5678",
        "https://shop.example/?tel=13812345678&x=1",
        "mail a.b@example.com now",
        "a%40example.com",
        "11010519491231002X",
        13812345678,
    ],
)
def test_detail_loses_personal_values(tenant: Tenant, personal: object) -> None:
    with writing(tenant.number) as session:
        record(session, [new_touch(make_contact(session), note=personal, utm_source="spring_1380", email="x")])
        detail = session.scalars(sa.select(Touchpoint.detail)).one()
    assert "[removed]" in str(detail["note"])
    assert not any(part in str(detail["note"]) for part in ("1381234", "example.com", "1949"))
    assert (detail["utm_source"], detail["email"]) == ("spring_1380", "[removed]")


def test_origin_is_last_touch_before_joining(tenant: Tenant, posters: list[int]) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session, at=NOON)
        touches = zip((-60, -5, 0, 5), posters, strict=True)
        record(session, [new_touch(one, at=NOON + n * MINUTE, placement_number=p) for n, p in touches])
        assert session.scalar(sa.select(Contact.origin_placement_number)) == posters[2]


def test_first_touch_after_joining_serves(tenant: Tenant, posters: list[int]) -> None:
    with writing(tenant.number) as session:
        one = make_contact(session, at=NOON)
        record(session, [new_touch(one, at=NOON + MINUTE, kind="message_sent", placement_number=posters[0])])
        later = [(9, posters[1]), (5, posters[2])]
        record(session, [new_touch(one, at=NOON + n * MINUTE, placement_number=p) for n, p in later])
        assert session.scalar(sa.select(Contact.origin_placement_number)) == posters[2]


def test_contact_inherits_its_visitors_origin(tenant: Tenant, posters: list[int]) -> None:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("c"), at=NOON)
        record(session, [new_touch(visitor, at=NOON, placement_number=posters[0])])
        person = make_contact(session, cookie("c"), phone("13812345678"), at=NOON + MINUTE)
        origin = session.scalar(sa.select(Contact.origin_placement_number).where(Contact.number == person))
    assert origin == posters[0]


def test_timeline_leaves_out_the_old_past(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        visitor = make_contact(session, cookie("c"), at=NOON)
        record(session, [new_touch(visitor, at=NOON), new_touch(visitor, at=NOON + timedelta(days=20))])
        person = make_contact(session, cookie("c"), phone("13812345678"), at=NOON + timedelta(days=40))
        record(session, [new_touch(person, at=NOON + timedelta(days=41))])
        days = [(touch.at - NOON).days for touch in timeline(session, [visitor, person])]
    assert days == [41, 20]


def test_other_tenant_sees_no_touch(tenant: Tenant, other_tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        record(session, [new_touch(make_contact(session))])
    with reading(other_tenant.number) as session:
        assert timeline(session, [1]) == []
        assert session.scalars(sa.select(Touchpoint)).all() == []
