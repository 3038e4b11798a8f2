"""People are drawn once and for ever, and what both arms bought is counted; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.service import IdentityClaim, merge, undo_merge
from core.db import reading, writing
from core.errors import Conflict, Invalid
from core.experiments.drawing import draw_arm
from core.experiments.measuring import measure
from core.experiments.models import HELD_OUT, TREATED, Assignment, Experiment
from core.experiments.service import assign_arms, create_experiment, draw_arms, end_experiment, find_experiment
from core.orders.service import cancel, record, refund
from core.placements.models import Placement
from core.tenants.models import Tenant
from tests.factories.contacts import make_contacts
from tests.factories.orders import new_order
from tests.factories.placements import make_placement

START = datetime(2026, 5, 1, tzinfo=UTC)
LATER = START + timedelta(days=20)


@pytest.fixture
def placement(tenant: Tenant) -> Placement:
    return make_placement(tenant)


def begin(session: Session, placement: Placement, *, share: float = 0.5, name: str = "E") -> Experiment:
    with clock.set_to(START):
        return create_experiment(session, placement=session.merge(placement), name=name, share=share, window_days=14)


def people(session: Session, count: int) -> list[int]:
    return make_contacts(session, [[IdentityClaim("customer_id", f"u{n}")] for n in range(count)], at=START)


def draw(session: Session, placement: Placement, contacts: list[int]) -> dict[int, str]:
    with clock.set_to(START):
        return assign_arms(session, placement.number, contacts)


def buy(session: Session, number: int, *, day: float, amount: int = 1_000) -> str:
    order = new_order(number, placed_at=START + timedelta(days=day), amount_minor=amount)
    record(session, [order])
    return order.order_no


def test_arms_are_as_many_as_asked() -> None:
    arms = [draw_arm(b"k" * 32, number, share=0.1) for number in range(20_000)]
    assert arms.count(HELD_OUT) / len(arms) == pytest.approx(0.1, abs=0.007)
    assert arms == [draw_arm(b"k" * 32, number, share=0.1) for number in range(20_000)]


def test_experiments_draw_independently() -> None:
    both = sum(
        draw_arm(b"a" * 32, number, share=0.3) == draw_arm(b"b" * 32, number, share=0.3) == HELD_OUT
        for number in range(20_000)
    )
    assert both / 20_000 == pytest.approx(0.09, abs=0.007)


def test_arm_stays_the_same(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement)
        numbers = people(session, 40)
        first = draw(session, placement, numbers)
        assert set(first.values()) == {HELD_OUT, TREATED}
        with clock.set_to(LATER):
            assert assign_arms(session, placement.number, numbers) == first
        end_experiment(session, experiment)
        assert draw_arms(session, placement.number, numbers) == first
        assert set(session.scalars(sa.select(Assignment.at))) == {START}


def test_held_out_part_holds_out_all(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement)
        arms = draw(session, placement, people(session, 40))
        out = next(number for number, arm in arms.items() if arm == HELD_OUT)
        seen = next(number for number, arm in arms.items() if arm == TREATED)
        entry = merge(session, loser=out, into=seen)
        assert draw_arms(session, placement.number, [seen]) == {seen: HELD_OUT}
        with clock.set_to(LATER):
            assert (measure(session, experiment).mixed, measure(session, experiment).unripe) == (1, 0)
        undo_merge(session, entry.id)
        assert draw_arms(session, placement.number, [seen, out]) == {seen: TREATED, out: HELD_OUT}


def test_orders_count_inside_the_window(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement)
        arms = draw(session, placement, people(session, 40))
        treated = [number for number, arm in arms.items() if arm == TREATED]
        held_out = [number for number, arm in arms.items() if arm == HELD_OUT]
        for day in (0, 14.01):
            buy(session, treated[0], day=day)
        buy(session, treated[1], day=14)
        buy(session, treated[1], day=0.5, amount=500)
        gone = buy(session, treated[2], day=3)
        cancel(session, channel_number=1, order_no=gone, event_id="c", at=START)
        back = buy(session, held_out[0], day=3)
        refund(session, channel_number=1, order_no=back, amount_minor=400, event_id="r", at=START)
        with clock.set_to(LATER):
            found = measure(session, experiment)
    assert (found.treated.people, found.treated.converted, found.treated.value) == (len(treated), 1, 1_500.0)
    assert (found.held_out.people, found.held_out.converted, found.held_out.value) == (len(held_out), 1, 600.0)
    assert (found.treated.squares, found.first, found.last) == (2_250_000.0, START, START)


def test_merged_persons_orders_are_theirs(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement, share=0.01)
        one, other = people(session, 2)
        draw(session, placement, [one])
        buy(session, other, day=2)
        merge(session, loser=one, into=other)
        with clock.set_to(LATER):
            found = measure(session, experiment)
    assert (found.treated.people, found.treated.converted) == (1, 1)


def test_open_windows_are_not_counted(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement)
        draw(session, placement, people(session, 10))
        with clock.set_to(START + timedelta(days=13)):
            found = measure(session, experiment)
    assert (found.treated.people + found.held_out.people, found.unripe) == (0, 10)


def test_only_one_runs_on_a_placement(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        experiment = begin(session, placement)
        with pytest.raises(Conflict, match="end it first"):
            begin(session, placement, name="Other")
        end_experiment(session, experiment)
        with pytest.raises(Conflict, match="named E already"):
            begin(session, placement)
        begin(session, placement, name="Other")


@pytest.mark.parametrize("share", [0.0, 0.6, -1.0, float("nan")])
def test_senseless_shares_are_refused(tenant: Tenant, placement: Placement, share: float) -> None:
    with writing(tenant.number) as session, pytest.raises(Invalid):
        begin(session, placement, share=share)


def test_no_experiment_concerns_nobody(tenant: Tenant, placement: Placement) -> None:
    with writing(tenant.number) as session:
        assert draw(session, placement, people(session, 3)) == {}
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(Assignment)).all() == []


def test_other_brand_draws_apart(tenant: Tenant, other_tenant: Tenant, placement: Placement) -> None:
    theirs = make_placement(other_tenant)
    with writing(tenant.number) as session:
        mine = begin(session, placement).id
        arms = draw(session, placement, people(session, 30))
    with writing(other_tenant.number) as session:
        begin(session, theirs)
        other = draw(session, theirs, people(session, 30))
    assert list(arms.values()) != list(other.values())
    with reading(tenant.number) as session, clock.set_to(LATER):
        found = measure(session, find_experiment(session, mine))
        assert found.treated.people + found.held_out.people == 30
