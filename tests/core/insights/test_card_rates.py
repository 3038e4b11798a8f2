"""How far cards come: counted by batch, SKU and placement, with a cost that is spread over the cards."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.contacts.models import Contact
from core.db import insert_new, new_id, reading, writing
from core.jobs.runner import run_pending
from core.orders.service import cancel, record
from core.placements.costs import plan_cost
from core.placements.models import CardCode, CardScan
from core.placements.service import find_placement
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards
from tests.factories.orders import new_order

AT = datetime(2026, 11, 5, tzinfo=UTC)


@pytest.fixture
def batch(client: RoleClient, tenant: Tenant) -> Batch:
    """Five cards for 10 yuan: two of A, two of B, one of the batch's own C; A1, B1 and C scanned; A1, B2 redeemed."""
    made = make_cards(tenant, 5, detail={"batch": "B-11", "sku": "C"})
    client.post(f"/placements/{made.placement.id}/cards/lists", data=b"number,sku\n1,A\n2,A\n3,B\n4,B\n")
    run_pending()
    with writing(tenant.number) as session:
        placement = find_placement(session, made.placement.id)
        plan_cost(session, placement, 1000)
        ids = dict(session.execute(sa.select(CardCode.number, CardCode.id)).all())
        for number, device in ((1, b"a"), (1, b"b"), (3, b"a"), (5, b"c")):
            row = {"code_id": ids[number], "placement_number": placement.number, "device": device * 32, "at": AT}
            insert_new(session, CardScan, [row], conflict=("code_id", "device"))
    for card, phone in ((1, "13900000001"), (4, "13900000002")):
        assert client.post(f"/c/{made.serials[card - 1]}", data={"phone": phone}).status_code == 200
    with reading(tenant.number) as session:
        first = session.scalar(sa.select(sa.func.min(Contact.number)).where(Contact.joined_at.is_not(None)))
    assert first is not None
    with writing(tenant.number) as session:
        record(
            session,
            [new_order(first, order_no="1"), new_order(first, order_no="2"), new_order(first + 1, order_no="3")],
        )
        cancel(session, channel_number=1, order_no="3", event_id="c3", at=AT)
    return made


def rates(client: RoleClient, by: str, **query: str) -> Any:
    return client.get("/insights/cards", query_string={"by": by, **query}).get_json()


def test_cards_are_told_by_sku(client: RoleClient, batch: Batch) -> None:
    rows = {row["key"]: row for row in rates(client, "sku")["rows"]}
    told = {
        key: [row[name] for name in ("printed", "scanned", "redeemed", "contacts", "first_orders", "cost")]
        for key, row in rows.items()
    }
    assert told == {
        "A": [2, 1, 1, 1, 1, "4.00"],
        "B": [2, 2, 1, 1, 0, "4.00"],
        "C": [1, 1, 0, 0, 0, "2.00"],
    }
    assert rows["A"]["cost_per_contact"] == "4.0000"
    assert (rows["B"]["scan_rate"], rows["B"]["redeem_rate"]) == (1.0, 0.5)


@pytest.mark.parametrize("by", ["batch", "placement"])
def test_rows_add_up_to_the_total(client: RoleClient, batch: Batch, by: str) -> None:
    found = rates(client, by)
    (row,) = found["rows"]
    assert {**row, "key": "", "name": ""} == found["total"]
    assert (row["printed"], row["out"], row["scanned"], row["redeemed"]) == (5, 5, 4, 2)
    assert (row["contacts"], row["first_orders"], row["cost"], row["cost_per_contact"]) == (2, 1, "10.00", "5.0000")
    assert row["name"] == ("B-11" if by == "batch" else "Batch 1")


def test_cards_before_shipping_are_not_out(client: RoleClient, tenant: Tenant) -> None:
    waiting = make_cards(tenant, 3, name="Waiting", detail={"only_after_shipping": True})
    client.post(f"/placements/{waiting.placement.id}/cards/moves", json={"deed": "activate", "first": 1, "last": 1})
    client.post(f"/placements/{waiting.placement.id}/cards/moves", json={"deed": "void", "first": 2, "last": 2})
    run_pending()
    total = rates(client, "batch")["total"]
    assert (total["printed"], total["active"], total["void"], total["out"]) == (3, 1, 1, 1)
    assert (total["scan_rate"], total["redeem_rate"], total["cost_per_contact"]) == (0.0, None, None)


def test_one_placement_or_channel_is_chosen(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    other = make_cards(tenant, 2, name="Other")
    assert rates(client, "sku", placement_id=str(other.placement.id))["total"]["printed"] == 2
    assert rates(client, "sku")["total"]["printed"] == 7
    assert client.get("/insights/cards", query_string={"placement_id": str(new_id())}).status_code == 404
