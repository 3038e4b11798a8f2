"""Measured lifts beside the models, and models scaled to them; on both databases."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.attribution.lifts import MeasuredLift, calibrate
from core.attribution.packing import CreditColumns
from core.channels.service import channel_named_or_other
from core.contacts.service import IdentityClaim
from core.db import writing
from core.experiments.lift import Interval
from core.experiments.models import HELD_OUT
from core.experiments.service import assign_arms, create_experiment
from core.experiments.verdicts import Verdict
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.placements.service import create_placement
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, run_all_time
from tests.core.lake.made_facts import at
from tests.factories.contacts import make_contacts
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

DAY = 24 * 60
PEOPLE = 160


@dataclass(frozen=True)
class Arms:
    treated: int
    held_out: int
    placement: int


@pytest.fixture
def arms(tenant: Tenant) -> Arms:
    """Everybody came by Search; the treated saw Cards. Half of the treated and a quarter of the rest bought for 10."""
    with writing(tenant.number) as session:
        search, cards = (channel_named_or_other(session, name) for name in ("Search", "Cards"))
        shown = create_placement(session, channel=cards, name="Cards of May", starts_at=at(0))
        other = create_placement(session, channel=cards, name="Cards of June", starts_at=at(0))
        people = make_contacts(session, [[IdentityClaim("customer_id", f"u{n}")] for n in range(PEOPLE)], at=at(0))
        with clock.set_to(at(2 * DAY)):
            create_experiment(session, placement=shown, name="Cards?", share=0.5, window_days=7)
            drawn = assign_arms(session, shown.number, people)
        held_out = [number for number, arm in drawn.items() if arm == HELD_OUT]
        treated = [number for number in people if number not in held_out]
        touches = [new_touch(number, at=at(DAY), channel_number=search.number) for number in people]
        touches += [
            new_touch(number, at=at(3 * DAY), channel_number=cards.number, placement_number=shown.number)
            for number in treated
        ]
        touches.append(
            new_touch(people[0], at=at(30 * DAY), channel_number=cards.number, placement_number=other.number)
        )
        touchpoints.record(session, touches)
        buyers = [*treated[::2], *held_out[::4]]
        bought = [new_order(number, placed_at=at(4 * DAY), amount_minor=1_000) for number in buyers]
        bought.append(new_order(people[0], placed_at=at(31 * DAY), amount_minor=5_000))
        orders.record(session, bought)
    return Arms(len(treated), len(held_out), shown.number)


def measured_total(arms: Arms) -> float:
    treated, held_out = -(-arms.treated // 2), -(-arms.held_out // 4)
    return treated - held_out / arms.held_out * arms.treated


def rows(table: dict[str, Any], model: str, column: str = "conversions") -> dict[str, float]:
    return {row["name"]: row[column] for row in table["rows"] if row["model"] == model}


def test_lift_stands_beside_the_models(client: RoleClient, arms: Arms) -> None:
    table = credits(client, run_all_time(client, models=["last"]))
    (measured,) = table["measured"]
    keys = {row["name"]: row["key"] for row in table["rows"]}
    assert (measured["experiment"], measured["key"]) == ("Cards?", keys["Cards"])
    assert measured["buyers"]["total"] == pytest.approx(measured_total(arms))
    assert measured["value"]["total"] == pytest.approx(10 * measured_total(arms))
    assert measured["buyers"]["low"] < measured["buyers"]["total"] < measured["buyers"]["high"]
    assert measured["zh"]
    by_placement = credits(client, run_all_time(client, models=["last"]), by="placement")
    names = {row["key"]: row["name"] for row in by_placement["rows"]}
    assert names[by_placement["measured"][0]["key"]] == "Cards of May"
    assert table["calibration"] == []


def test_calibration_scales_and_reconciles(client: RoleClient, arms: Arms) -> None:
    plain = credits(client, run_all_time(client, models=["last", "markov", "linear"]))
    table = credits(client, run_all_time(client, models=["last", "markov", "linear"], calibrate=True))
    by_placement = credits(client, {"id": table["run"]["id"]}, by="placement")
    for model in table["models"]:
        before, after = rows(plain, model), rows(table, model)
        assert after["Search"] == before["Search"]
        shown = rows(by_placement, model)["Cards of May"]
        assert shown == pytest.approx(measured_total(arms))
        factor = next(r["calibration"] for r in table["rows"] if r["model"] == model and r["name"] == "Cards")
        assert after["Cards"] == pytest.approx(factor * before["Cards"])
        for column in ("conversions", "value"):
            given = sum(rows(table, model, column).values())
            apart = sum(
                r[column] for part in ("calibration", "unattributed") for r in table[part] if r["model"] == model
            )
            total = next(r[column] for r in table["totals"] if r["model"] == model)
            assert given + apart == pytest.approx(total, rel=1e-12)
            assert next(r[column] for r in plain["totals"] if r["model"] == model) == total


@pytest.mark.parametrize("to", ["2026-02-20", "2026-04-01"])
def test_draws_outside_the_window_do_not_count(tenant: Tenant, client: RoleClient, arms: Arms, to: str) -> None:
    """Too early for the one, too late for the other."""
    start = {"2026-02-20": "2026-01-01", "2026-04-01": "2026-01-05"}[to]
    with writing(tenant.number) as session, clock.set_to(at(60 * DAY)):
        (late,) = make_contacts(session, [[IdentityClaim("customer_id", "late")]], at=at(60 * DAY))
        assign_arms(session, arms.placement, [late])
    asked = {"from": start, "to": to, "models": ["last"], "calibrate": True}
    run = client.post("/attribution/runs", json=asked).json
    assert run is not None
    run_pending()
    table = credits(client, run)
    assert table["measured"] == []
    assert [(row["conversions"], row["value"]) for row in table["calibration"]] == [(0.0, 0.0)]


def lift(channel: int, placement: int, buyers: float, value: float | None, *, verdict: str = "works") -> MeasuredLift:
    def interval(total: float) -> Interval:
        return Interval(total, total - 1, total + 1)

    worth = None if value is None else interval(value)
    return MeasuredLift("id", "E", channel, placement, interval(buyers), worth, Verdict(verdict, "", ""))


def columns(*cells: tuple[int, int, float, float]) -> CreditColumns:
    channel, placement, conversions, value = (np.array(column) for column in zip(*cells, strict=True))
    none = np.zeros(len(cells), np.int64)
    return CreditColumns(channel, placement, none, conversions, value, none)


def test_lifts_of_a_channel_add_up() -> None:
    before = columns((1, 0, 4.0, 40.0), (1, 5, 6.0, 60.0), (1, 6, 2.0, 20.0), (2, 7, 3.0, 30.0))
    after, factors = calibrate(before, [lift(1, 5, 3.0, 50.0), lift(1, 6, 1.0, -10.0)], channels=3)
    assert factors.conversions.tolist() == [1.0, 0.5, 1.0]
    assert after.conversions.tolist() == [2.0, 3.0, 1.0, 3.0]
    assert after.value.tolist() == [20.0, 30.0, 10.0, 30.0]


def test_small_experiments_scale_nothing() -> None:
    before = columns((1, 5, 6.0, 60.0), (2, 7, 4.0, 40.0))
    lifts = [lift(1, 5, 60.0, 600.0, verdict="too_small"), lift(2, 7, 2.0, 10.0, verdict="unclear")]
    _, factors = calibrate(before, lifts, channels=3)
    assert (factors.conversions.tolist(), factors.value.tolist()) == ([1.0, 1.0, 0.5], [1.0, 1.0, 0.25])


def test_value_waits_for_every_experiment() -> None:
    _, factors = calibrate(
        columns((1, 5, 6.0, 60.0), (1, 6, 2.0, 20.0)), [lift(1, 5, 3.0, 5.0), lift(1, 6, 1.0, None)], channels=2
    )
    assert (factors.conversions.tolist(), factors.value.tolist()) == ([1.0, 0.5], [1.0, 1.0])


def test_harm_takes_all_credit_away() -> None:
    before = columns((1, 5, 6.0, 60.0), (2, 0, 1.0, 10.0))
    after, factors = calibrate(before, [lift(1, 5, -3.0, None)], channels=3)
    assert after.conversions.tolist() == [0.0, 1.0]
    assert factors.value.tolist() == [1.0, 1.0, 1.0]


@given(
    cells=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.floats(0, 1e6), st.floats(0, 1e9)), min_size=1, max_size=12
    ),
    total=st.floats(-1e6, 1e6),
)
@settings(max_examples=80, deadline=None)
def test_measured_placement_comes_to_its_lift(cells: list[tuple[int, int, float, float]], total: float) -> None:
    before = columns(*cells)
    after, _ = calibrate(before, [lift(1, 1, total, None)], channels=4)
    mine = (before.channel == 1) & (before.placement == 1)
    if before.conversions[mine].sum() > 1e-6:
        assert after.conversions[mine].sum() == pytest.approx(max(total, 0.0), rel=1e-9)
    others = before.channel != 1
    np.testing.assert_array_equal(after.conversions[others], before.conversions[others])
    np.testing.assert_array_equal(after.value, before.value)
