"""Runs whose credit walks up the chain of inviters, and receipts that show it; on both databases."""

from decimal import Decimal
from typing import Any

import pytest

from core.channels.service import channel_named_or_other
from core.contacts.service import IdentityClaim, merge
from core.db import writing
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.attribution.made_orders import credits, make_brand, run_all_time
from tests.core.attribution.test_receipts import order_list, receipt
from tests.core.lake.made_facts import at
from tests.factories.contacts import make_contact
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

DAY = 24 * 60
SHARE = {"upstream_share": 0.4, "upstream_depth": 2, "models": ["last", "linear"]}


def make_family(tenant: Tenant) -> None:
    """Ann came by Cards on 1 January and brought Ben (by Search, 5 January), who brought Cem; all three buy for 100.00
    by Live, and so does Dan, whom nobody brought."""
    with writing(tenant.number) as session:
        made = {name: channel_named_or_other(session, name).number for name in ("Cards", "Search", "Live")}
        names = {"ann": ("Cards", 0), "ben": ("Search", 4), "cem": ("Live", 8), "dan": ("Live", 9)}
        numbers = {
            name: make_contact(session, IdentityClaim("customer_id", name), at=at(day * DAY))
            for name, (_, day) in names.items()
        }
        touches = [
            new_touch(numbers[name], at=at(day * DAY), channel_number=made[channel])
            for name, (channel, day) in names.items()
        ]
        touches += [new_touch(number, at=at(20 * DAY), channel_number=made["Live"]) for number in numbers.values()]
        touchpoints.record(session, touches)
        told = [InviterTold(numbers[name], by, at(0), "import") for name, by in (("ben", "ann"), ("cem", "ben"))]
        claim_inviters(session, told)
        bought = [
            new_order(number, order_no=name, placed_at=at(21 * DAY), amount_minor=10_000)
            for name, number in numbers.items()
        ]
        orders.record(session, bought)


def by_key(table: dict[str, Any]) -> dict[str, float]:
    return {row["name"]: round(row["value"], 9) for row in table["rows"] if row["model"] == "upstream" and row["value"]}


def test_part_goes_to_who_brought_them(tenant: Tenant, client: RoleClient) -> None:
    make_family(tenant)
    run = run_all_time(client, **SHARE)
    assert run["models"] == ["last", "linear", "upstream"]
    # Ben: 60 stay, 40 to Ann. Cem: 60 stay, 24 to Ben, 16 to Ann.
    assert by_key(credits(client, run, models="upstream")) == {"Cards": 56.0, "Search": 24.0, "Live": 320.0}
    days = by_key(credits(client, run, models="upstream", by="day"))
    assert days == {"2026-01-01": 56.0, "2026-01-05": 24.0, "2026-01-21": 320.0}
    base = credits(client, run, models="last")
    assert {row["name"]: row["value"] for row in base["rows"] if row["value"]} == {"Live": 400.0}


def test_nobody_above_leaves_the_base(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run = run_all_time(client, upstream_share=0.4, upstream_base="linear", models=["linear"])
    for by in ("channel", "placement", "day", "order"):
        rows = credits(client, run, by=by)["rows"]
        assert {row["key"]: row["value"] for row in rows if row["model"] == "upstream"} == pytest.approx(
            {row["key"]: row["value"] for row in rows if row["model"] == "linear"}, rel=1e-12
        )


def test_upstream_tells_orders_apart(tenant: Tenant, client: RoleClient) -> None:
    make_family(tenant)
    with writing(tenant.number) as session:
        ben = make_contact(session, IdentityClaim("customer_id", "ben"))
        touch = new_touch(ben, at=at(30 * DAY), channel_number=channel_named_or_other(session, "Live").number)
        touchpoints.record(session, [touch])
        orders.record(session, [new_order(ben, order_no="more", placed_at=at(31 * DAY), amount_minor=5_000)])
    run = run_all_time(client, **SHARE)
    assert by_key(credits(client, run, models="upstream", by="order")) == {"new": 400.0, "repeat": 50.0}
    # Ann gets 56 of the first orders as before, and 0.4 x 50 of Ben's second.
    assert by_key(credits(client, run, models="upstream"))["Cards"] == 76.0


def test_receipt_shows_the_upstream_part(tenant: Tenant, client: RoleClient) -> None:
    make_family(tenant)
    run = run_all_time(client, **SHARE)
    shown = receipt(client, order_list(client, q="cem")[0], run)
    assert shown["models"] == ["last", "linear", "upstream"]
    own = [share for touch in shown["touches"] for share in touch["shares"] if share["model"] == "upstream"]
    assert [share["amount"] for share in own] == ["0.00", "60.00"]
    parts = [(one["level"], one["channel"], one["day"], one["amount"]) for one in shown["upstream"]]
    assert parts == [(1, "Search", "2026-01-05", "24.00"), (2, "Cards", "2026-01-01", "16.00")]
    assert receipt(client, order_list(client, q="dan")[0], run)["upstream"] == []
    assert receipt(client, order_list(client, q="cem")[0], run_all_time(client))["upstream"] == []


def test_totals_reconcile_with_upstream(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    make_family(tenant)
    run = run_all_time(client, upstream_share=1 / 3, upstream_base="position")
    for by in ("channel", "placement", "day"):
        table = credits(client, run, by=by, models="upstream")
        for column in ("conversions", "value"):
            given = sum(row[column] for row in table["rows"])
            assert given + table["unattributed"][0][column] == pytest.approx(table["totals"][0][column], rel=1e-12)
    for name in ("ann", "ben", "cem", "dan"):
        shown = receipt(client, order_list(client, q=name)[0], run)
        own = [
            share["amount"] for touch in shown["touches"] for share in touch["shares"] if share["model"] == "upstream"
        ]
        assert sum(map(Decimal, [*own, *(one["amount"] for one in shown["upstream"])])) == Decimal("100.00")


def test_inviter_without_origin_gets_nothing(tenant: Tenant, client: RoleClient) -> None:
    make_family(tenant)
    with writing(tenant.number) as session:
        eve = make_contact(session, IdentityClaim("customer_id", "eve"), at=at(0))
        ann = make_contact(session, IdentityClaim("customer_id", "ann"))
        claim_inviters(session, [InviterTold(ann, "eve", at(0), "import")])
    run = run_all_time(client, **SHARE)
    assert by_key(credits(client, run, models="upstream"))["Cards"] == 56.0
    assert receipt(client, order_list(client, q="ann")[0], run)["upstream"] == []
    with writing(tenant.number) as session:
        merge(session, loser=eve, into=ann)
    assert by_key(credits(client, run_all_time(client, **SHARE), models="upstream"))["Cards"] == 56.0


def test_inviters_may_have_joined_long_ago(tenant: Tenant, client: RoleClient) -> None:
    make_family(tenant)
    asked = client.post(
        "/attribution/runs", json={"from": "2026-01-22", "to": "2026-01-23", "lookback_days": 1.5, **SHARE}
    )
    run_pending()
    assert asked.json is not None
    days = by_key(credits(client, {"id": asked.json["id"]}, models="upstream", by="day"))
    assert days == {"2026-01-01": 56.0, "2026-01-05": 24.0, "2026-01-21": 320.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {"upstream_share": 1.5},
        {"upstream_share": -0.1},
        {"upstream_share": 0.2, "upstream_depth": 0},
        {"upstream_share": 0.2, "upstream_base": "markov"},
        {"models": ["upstream"]},
    ],
)
def test_senseless_upstream_is_refused(client: RoleClient, wrong: dict[str, Any]) -> None:
    asked = client.post("/attribution/runs", json={"from": "2026-01-01", "to": "2026-02-01", **wrong})
    assert asked.status_code == 422, asked.json
