"""The overview against counts made by hand."""

from datetime import date
from typing import Any

import pytest

from core.channels.service import channel_named_or_other
from core.contacts import service as contacts
from core.db import writing
from core.jobs.runner import run_pending
from core.orders import service as orders
from core.placements.costs import add_cost
from core.placements.service import create_placement
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.clients import RoleClient
from tests.core.attribution.made_orders import make_brand
from tests.core.lake.made_facts import add_people, at
from tests.factories.contacts import make_contact, new_phone
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

DAY = 24 * 60
LATE = 17 * 60
"""17:00 UTC is already the next day in Shanghai."""


@pytest.fixture
def brand(tenant: Tenant) -> Tenant:
    """Ann joins by cards on 2 January (local), buys on the 3rd and 4th; Bob only looks; Cat buys out of nowhere."""
    with writing(tenant.number) as session:
        cards = channel_named_or_other(session, "Cards")
        placement = create_placement(session, channel=cards, name="Batch", starts_at=at(0))
        add_cost(session, placement, day=date(2026, 1, 2), amount_minor=7000)
        add_cost(session, placement, day=date(2026, 1, 9), amount_minor=100)
        ann = make_contact(session, new_phone(), at=at(LATE))
        (bob, cat) = add_people(session, 2)
        touchpoints.record(
            session,
            [
                new_touch(
                    ann, at=at(LATE), channel_number=cards.number, placement_number=placement.number, kind="scan"
                ),
                new_touch(ann, at=at(LATE + 5), channel_number=1),
                new_touch(bob, at=at(DAY), channel_number=1),
            ],
        )
        for who, minute, amount in ((ann, LATE + DAY, 20_000), (ann, LATE + 2 * DAY, 5_000), (cat, 3 * DAY, 900)):
            orders.record(session, [new_order(who, placed_at=at(minute), amount_minor=amount)])
        number = new_order(cat, placed_at=at(3 * DAY), amount_minor=1)
        orders.record(session, [number])
        orders.cancel(session, channel_number=1, order_no=number.order_no, event_id="x", at=at(4 * DAY))
    run_pending()
    return tenant


def overview(client: RoleClient, first: str = "2026-01-02", end: str = "2026-01-08") -> dict[str, Any]:
    found = client.get("/overview", query_string={"from": first, "to": end, "by": "day"})
    assert found.status_code == 200, found.json
    shown: dict[str, Any] = found.json  # type: ignore[assignment]  # a JSON object
    return shown


def test_tiles_count_the_window(brand: Tenant, client: RoleClient) -> None:
    tiles = {name: tile["value"] for name, tile in overview(client)["tiles"].items()}
    assert tiles == {
        "contacts": 1,
        "touchpoints": 3,
        "orders": 3,
        "revenue": "259.00",
        "cost": "70.00",
        "cac": "35.0000",
        "cost_per_contact": "70.0000",
        "roas": "3.7000",
    }


def test_channels_share_what_happened(brand: Tenant, client: RoleClient) -> None:
    rows = {row["key"] and row["name"]: row for row in overview(client)["by_channel"]}
    assert (rows["Cards"]["orders"], rows["Cards"]["revenue"], rows["Cards"]["cac"]) == (1, "200.00", "70.0000")
    assert (rows["Cards"]["contacts"], rows["direct"]["contacts"]) == (1, 0)
    assert (rows["direct"]["touchpoints"], rows["direct"]["orders"]) == (2, 0)
    assert (rows[""]["orders"], rows[""]["revenue"]) == (2, "59.00")


def test_days_are_the_brands_own(brand: Tenant, client: RoleClient) -> None:
    days = {row["day"]: row for row in overview(client)["by_day"]}
    assert list(days) == [f"2026-01-0{n}" for n in range(2, 8)]
    assert (days["2026-01-02"]["contacts"], days["2026-01-02"]["touchpoints"]) == (1, 3)
    assert (days["2026-01-03"]["revenue"], days["2026-01-04"]["revenue"]) == ("200.00", "59.00")
    assert days["2026-01-05"]["orders"] == 0


def test_past_is_the_days_before(brand: Tenant, client: RoleClient) -> None:
    tile = overview(client, "2026-01-04", "2026-01-06")["tiles"]["revenue"]
    assert tile == {"value": "59.00", "previous": "200.00"}
    assert overview(client)["tiles"]["cost"]["previous"] is not None


def test_merged_contact_counts_once(brand: Tenant, client: RoleClient) -> None:
    before = overview(client, "2026-01-01", "2026-01-08")["tiles"]["contacts"]["value"]
    with writing(brand.number) as session:
        one, two = add_people(session, 2)
        contacts.merge(session, loser=two, into=one)
    assert overview(client, "2026-01-01", "2026-01-08")["tiles"]["contacts"]["value"] == before + 1


def test_days_and_channels_sum_to_tiles(tenant: Tenant, client: RoleClient) -> None:
    make_brand(tenant)
    run_pending()
    shown = overview(client, "2025-12-01", "2026-06-01")
    for name in ("touchpoints", "orders", "contacts"):
        total = shown["tiles"][name]["value"]
        assert sum(row[name] for row in shown["by_channel"]) == sum(row[name] for row in shown["by_day"]) == total
    assert shown["tiles"]["touchpoints"]["value"] == 200
    assert shown["tiles"]["orders"]["value"] == 30


def test_new_brand_has_zeros(client: RoleClient) -> None:
    shown = overview(client)
    assert shown["tiles"]["contacts"] == {"value": 0, "previous": None}
    assert (shown["by_channel"], shown["by_day"]) == ([], [])


@pytest.mark.parametrize(("first", "end"), [("2026-01-02", "2026-01-02"), ("0001-01-01", "2026-01-01"), ("x", "y")])
def test_bad_windows_are_refused(client: RoleClient, first: str, end: str) -> None:
    assert client.get("/overview", query_string={"from": first, "to": end}).status_code == 422
