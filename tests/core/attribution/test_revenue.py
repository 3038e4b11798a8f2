"""From what was placed to what is credited, to the cent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.attribution.rounding import to_whole_units
from core.db import writing
from core.orders import service as orders
from core.orders.models import Order
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.lake.made_facts import add_people
from tests.factories.orders import new_order


def settle_some(tenant: Tenant) -> tuple[int, int, int]:
    """One order cancelled, one refunded in part: what was placed, and minor units of both."""
    with writing(tenant.number) as session:
        rows = list(session.scalars(select(Order).order_by(Order.id)))
        gone, back = rows[0], rows[1]
        gone.state, gone.refunded_minor, back.refunded_minor = "cancelled", 5, 77
        return sum(row.amount_minor for row in rows), gone.amount_minor, len(rows)


def test_steps_lead_from_placed_to_credited(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    placed, gone, count = settle_some(tenant)
    table = credits(client, run_all_time(client))
    steps = {step["code"]: (step["orders"], round(Decimal(step["amount"]) * 100)) for step in table["revenue"]}
    assert steps["placed"] == (count, placed)
    assert steps["cancelled"] == (1, gone)
    assert steps["refunded"] == (1, 77)
    assert steps["waiting"] == (0, 0)
    assert steps["counted"] == (count - 1, placed - gone - 77)
    assert steps["credited"][1] == steps["counted"][1] - steps["unattributed"][1]


def test_window_ends_before_its_last_midnight(tenant: Tenant, client: RoleClient) -> None:
    midnight = datetime(2026, 5, 31, 16, tzinfo=UTC)  # the first of June in Shanghai
    with writing(tenant.number) as session:
        (ann,) = add_people(session, 1)
        for instant in (midnight - timedelta(microseconds=1), midnight):
            orders.record(session, [new_order(ann, placed_at=instant, amount_minor=500)])
    run = run_all_time(client)
    steps = {step["code"]: step["orders"] for step in credits(client, run)["revenue"]}
    assert (steps["placed"], steps["waiting"], steps["counted"]) == (1, 0, 1)


def test_rows_sum_to_totals_to_the_cent(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, upstream_share=0.3)
    for by in ("channel", "placement", "day"):
        table = credits(client, run, by=by)
        for total, lost in zip(table["totals"], table["unattributed"], strict=True):
            mine = [Decimal(row["amount"]) for row in table["rows"] if row["model"] == total["model"]]
            assert sum(mine) + Decimal(lost["amount"]) == Decimal(total["amount"])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_whole_units_sum_to_rounded_sum(exact: list[float]) -> None:
    parts = to_whole_units(np.array(exact))
    assert parts.sum() == round(sum(exact)) or abs(parts.sum() - sum(exact)) <= 0.5 + 1e-6
    assert (np.abs(parts - np.array(exact)) < 1 + 1e-9).all()
