"""What is put out: placements, their costs, links and cards."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.db import reading, writing
from core.errors import Conflict, Invalid, NotFound
from core.placements import cards, costs, links, service
from core.placements.models import CardCode, PlacementCost
from core.sdk.serials import read_serial
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.placements import START, make_placement, make_tracked_link


def test_cost_is_spread_over_local_days(tenant: Tenant) -> None:
    placement = make_placement(tenant, ends_at=START + timedelta(days=2), cost_minor=1000)
    with reading(tenant.number) as session:
        rows = session.execute(sa.select(PlacementCost.day, PlacementCost.amount_minor).order_by(PlacementCost.day))
        assert [tuple(row) for row in rows] == [
            (date(2026, 11, 1), 334),
            (date(2026, 11, 2), 333),
            (date(2026, 11, 3), 333),
        ]
        assert costs.cost_by_placement(session, [placement.number]) == {placement.number: 1000}


def test_new_plan_replaces_the_old_and_keeps_entries(tenant: Tenant) -> None:
    placement = make_placement(tenant, cost_minor=1000)
    with writing(tenant.number) as session:
        costs.add_cost(session, placement, day=date(2026, 11, 5), amount_minor=50, note="reprint")
        costs.plan_cost(session, placement, 400)
        assert costs.cost_by_placement(session, [placement.number]) == {placement.number: 450}
        assert costs.planned_cost(session, placement) == 400


def test_same_imported_cost_counts_once(tenant: Tenant) -> None:
    placement = make_placement(tenant)
    cost = costs.NewCost(placement.number, date(2026, 11, 1), 700, "row-1")
    with writing(tenant.number) as session:
        assert [costs.record_costs(session, [cost]) for _ in range(2)] == [1, 0]


@given(st.integers(0, 10**12), st.integers(1, 1000))
def test_spread_loses_no_cent(amount: int, parts: int) -> None:
    shares = costs.spread(amount, parts)
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1


def test_brand_at_another_clock_has_its_own_days() -> None:
    late = datetime(2026, 11, 1, 20, tzinfo=UTC)
    assert costs.local_days(late, None, zone="Asia/Shanghai") == [date(2026, 11, 2)]
    assert costs.local_days(late, None, zone="America/New_York") == [date(2026, 11, 1)]


def test_endless_period_with_cost_is_refused(tenant: Tenant) -> None:
    with pytest.raises(Invalid):
        make_placement(tenant, ends_at=START + timedelta(days=2000), cost_minor=1)


def test_period_must_not_end_before_its_start(tenant: Tenant) -> None:
    with pytest.raises(Invalid):
        make_placement(tenant, ends_at=START - timedelta(days=1))


def test_name_is_taken_once_a_channel(tenant: Tenant) -> None:
    channel = make_channel(tenant)
    make_placement(tenant, channel=channel)
    with pytest.raises(Conflict):
        make_placement(tenant, channel=channel)
    make_placement(tenant, channel=make_channel(tenant, "Another"))


def test_placements_are_listed_newest_first(tenant: Tenant) -> None:
    made = [make_placement(tenant, name).number for name in ("A", "B", "C")]
    with reading(tenant.number) as session:
        assert [p.number for p in service.list_placements(session, limit=2)] == made[:0:-1]
        assert [p.number for p in service.list_placements(session, before=made[1])] == made[:1]


def test_other_brand_sees_no_placement(tenant: Tenant, other_tenant: Tenant) -> None:
    placement = make_placement(tenant)
    with reading(other_tenant.number) as session, pytest.raises(NotFound):
        service.find_placement(session, placement.id)


def test_code_leads_to_its_link(tenant: Tenant) -> None:
    placement = make_placement(tenant)
    link = make_tracked_link(tenant, placement)
    found = links.resolve_code(link.code)
    assert found == links.ResolvedCode(tenant.number, link.id, placement.number, None)
    assert links.resolve_code("AAAAAAAA") is None
    assert links.resolve_code("no code") is None


def test_recipient_code_leads_to_its_delivery(tenant: Tenant) -> None:
    link = make_tracked_link(tenant, make_placement(tenant))
    with reading(tenant.number) as session:
        codes = links.recipient_codes(session, link, range(100))
    assert len(set(codes)) == 100
    for number, code in enumerate(codes):
        found = links.resolve_code(code)
        assert found is not None
        assert found.recipient == number


def test_archived_placement_sends_nobody_on(tenant: Tenant) -> None:
    placement = make_placement(tenant)
    link = make_tracked_link(tenant, placement)
    assert links.look_up_target(link.code) is not None
    with writing(tenant.number) as session:
        service.archive_placement(session, service.find_placement(session, placement.id))
    assert links.look_up_target(link.code) is None


def test_serials_are_stored_as_marks_only(tenant: Tenant) -> None:
    placement = make_placement(tenant)
    with writing(tenant.number) as session:
        assert cards.create_codes(session, placement, 20) == range(1, 21)
        assert cards.create_codes(session, placement, 5) == range(21, 26)
        serials = cards.serials_of(session, placement, range(1, 26))
        stored = b"".join(session.scalars(sa.select(CardCode.digest)))
    assert len(set(serials)) == 25
    assert all(read_serial(serial) == serial for serial in serials)
    assert not any(serial.encode() in stored for serial in serials)


def test_serial_is_redeemed_once(tenant: Tenant) -> None:
    placement = make_placement(tenant)
    with writing(tenant.number) as session:
        numbers = cards.create_codes(session, placement, 1)
        (serial,) = cards.serials_of(session, placement, numbers)
    found = cards.find_card(serial)
    assert found is not None
    at = clock.now()
    with writing(tenant.number) as session:
        cards.redeem(session, cards.card_code(session, found.target), at=at, answers={"phone": "13900000000"})
    with writing(tenant.number) as session, pytest.raises(cards.AlreadyRedeemed) as caught:
        cards.redeem(session, cards.card_code(session, found.target), at=clock.now())
    assert caught.value.at == at
    with reading(tenant.number) as session:
        assert cards.redeemed_by_placement(session, [placement.number]) == {placement.number: 1}


def test_serial_means_nothing_in_another_brand(tenant: Tenant, other_tenant: Tenant) -> None:
    placement = make_placement(tenant)
    with writing(tenant.number) as session:
        (serial,) = cards.serials_of(session, placement, cards.create_codes(session, placement, 1))
    found = cards.find_card(serial)
    assert found is not None
    with reading(other_tenant.number) as session, pytest.raises(NotFound):
        cards.card_code(session, found.target)
