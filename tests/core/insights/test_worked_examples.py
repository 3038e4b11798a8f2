"""The examples of docs/insights.md, figure by figure."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.attribution.ripeness import ripe_shares, triangle_sums
from core.channels.service import channel_named_or_other
from core.db import writing
from core.insights.lag import ripe_curve
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.placements.costs import add_cost
from core.placements.service import create_placement
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.insights.made_market import ask
from tests.factories.contacts import make_contact, new_phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def sell(tenant: Tenant, *sales: tuple[str, str, int], joined: str = "2026-01-01T09:00") -> None:
    """(who, when, yuan); everybody joined at the same instant."""
    names = dict.fromkeys(sale[0] for sale in sales)
    with writing(tenant.number) as session:
        people = {who: make_contact(session, new_phone(), at=local(joined)) for who in names}
        for who, when, yuan in sales:
            if when:
                orders.record(session, [new_order(people[who], placed_at=local(when), amount_minor=yuan * 100)])
    run_pending()


def test_costs_of_the_example(tenant: Tenant, client: RoleClient) -> None:
    with writing(tenant.number) as session:
        cards = channel_named_or_other(session, "Cards")
        placement = create_placement(session, channel=cards, name="Batch", starts_at=local("2026-01-01T00:00"))
        add_cost(session, placement, day=date(2026, 1, 2), amount_minor=7000)
        ann, bob = (make_contact(session, new_phone(), at=local("2026-01-02T10:00")) for _ in range(2))
        by_card = {"channel_number": cards.number, "placement_number": placement.number, "kind": "scan"}
        touches = [new_touch(who, at=local("2026-01-02T10:00"), **by_card) for who in (ann, bob)]  # type: ignore[arg-type]  # a dict of several types
        touchpoints.record(session, [*touches, new_touch(ann, at=local("2026-01-04T10:00"), channel_number=1)])
        for when, yuan in (("2026-01-03T10:00", 200), ("2026-01-05T10:00", 50)):
            orders.record(session, [new_order(ann, placed_at=local(when), amount_minor=yuan * 100)])
    run_pending()
    row = ask(client, "costs", **{"from": "2026-01-01", "to": "2026-01-08"})["rows"][0]
    shown = [row[name] for name in ("name", "contacts", "cost_per_contact", "cac", "revenue", "roas", "worth", "ltv")]
    assert shown == ["Cards", 2, "35.0000", "70.0000", "200.00", "2.8571", "250.00", "125.0000"]


def test_funnel_of_the_example(tenant: Tenant, client: RoleClient) -> None:
    sell(tenant, ("a", "2026-01-03T09:00", 1), ("a", "2026-01-13T09:00", 1), ("b", "2026-01-06T09:00", 1), ("c", "", 0))
    total = ask(client, "funnel", **{"from": "2026-01-01", "to": "2026-01-02"})["total"]
    assert [total[name] for name in ("joined", "first_order", "repeat", "days_to_first", "days_to_repeat")] == [
        *(3, 2, 1),
        *(3.5, 10),
    ]


def test_lag_of_the_example() -> None:
    counts = np.zeros((4, 5), np.int64)
    counts[0, 3], counts[1, 3], counts[2, 3], counts[0, 1] = 4, 2, 2, 6
    assert ripe_curve(counts, watched=3) == pytest.approx([0.5, 0.75, 1])


def test_ripeness_of_the_example() -> None:
    counts = np.array([[10, 4, 2], [20, 8, 0], [12, 0, 0]])
    assert ripe_shares(*triangle_sums(counts, np.array([3, 2, 1]))) == pytest.approx([0.625, 0.875, 1])


def test_orders_of_weeks_not_over_wait() -> None:
    counts = np.array([[10, 4, 2], [20, 8, 99], [12, 99, 99]])
    assert ripe_shares(*triangle_sums(counts, np.array([3, 2, 1]))) == pytest.approx([0.625, 0.875, 1])


def test_retention_of_the_example(tenant: Tenant, client: RoleClient) -> None:
    sell(tenant, ("a", "2026-01-03T12:00", 1), ("a", "2026-03-10T12:00", 1), ("b", "2026-01-31T23:30", 1))
    (cohort,) = ask(client, "retention", **{"from": "2026-01-01", "to": "2026-02-01"})["cohorts"]
    assert (cohort["buyers"], cohort["repeaters"], cohort["repeat_share"]) == (2, 1, 0.5)
    assert [month["buyers"] for month in cohort["months"][:3]] == [2, 0, 1]


def test_rfm_of_the_example(tenant: Tenant, client: RoleClient) -> None:
    times = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 4}
    sell(tenant, *[(who, f"2026-01-{1 + n:02d}T12:00", 1) for who, count in times.items() for n in range(count)])
    shown = ask(client, "rfm", **{"from": "2026-01-01", "to": "2026-02-01"})
    scores = {row["score"]: row["buyers"] for row in shown["scores"] if row["measure"] == "frequency"}
    assert (scores, shown["is_small"]) == ({1: 3, 4: 1, 5: 1}, True)


def test_waves_of_the_example(tenant: Tenant, client: RoleClient) -> None:
    sell(tenant, ("a", "2026-03-20T23:59", 1), ("b", "2026-03-21T00:00", 1), ("c", "2026-03-27T12:00", 1))
    waves = ask(client, "waves", launch="2026-03-20")["waves"]
    assert {wave["key"]: wave["orders"] for wave in waves if wave["orders"]} == {
        "launch": 1,
        "questions": 1,
        "graduates": 1,
    }
    assert waves[3]["days"] == [{"day": 7, "orders": 1, "revenue": "1.00"}]


def test_thin_history_is_too_early(tenant: Tenant, client: RoleClient) -> None:
    sell(tenant, ("a", "2026-01-03T12:00", 1))
    window: dict[str, Any] = {"from": "2026-01-01", "to": "2026-02-01"}
    (cohort,) = ask(client, "maturation", **window)["cohorts"]
    assert (cohort["ripe_share"], cohort["is_too_early"]) == (None, True)
    assert ask(client, "lag", **window)["days"][-1]["ripe_share"] is None


def test_newer_contacts_count_at_once(tenant: Tenant, client: RoleClient) -> None:
    sell(tenant, ("a", "2026-01-03T12:00", 1))
    with writing(tenant.number) as session:
        make_contact(session, new_phone(), at=local("2026-01-01T10:00") + timedelta(hours=1))
    window = {"from": "2026-01-01", "to": "2026-02-01"}
    assert ask(client, "costs", **window)["total"]["contacts"] == 2
    assert ask(client, "funnel", **window)["total"]["joined"] == 2
