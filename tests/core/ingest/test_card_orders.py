"""A card tied to an order joins who redeems it with who ordered, whichever comes first; a present joins nobody."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.contacts.models import Contact
from core.contacts.service import roots_of
from core.db import reading, writing
from core.ingest.facts import take
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.sdk.events import OrderSeen
from core.sdk.values import IdentityClaim
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards
from tests.factories.channels import make_channel

FORM = {"phone": "139 0000 0001"}
NUMBER = IdentityClaim(kind="customer_id", value="doudian:88001")


@pytest.fixture
def batch(tenant: Tenant) -> Batch:
    return make_cards(tenant, 3)


@pytest.fixture
def shop(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Shop", plugin="web")


def tie(client: RoleClient, batch: Batch, order_no: str = "88001", card: int = 1) -> None:
    client.post(f"/placements/{batch.placement.id}/cards/lists", data=f"number,order_no\n{card},{order_no}\n".encode())
    run_pending()


def order(tenant: Tenant, shop: Channel, *who: IdentityClaim, order_no: str = "88001") -> None:
    event = OrderSeen(
        event_id=f"order-{order_no}", at=datetime(2026, 11, 3, tzinfo=UTC), who=who or (NUMBER,), order_no=order_no,
        amount="99.00", state="paid",
    )  # fmt: skip
    with writing(tenant.number) as session:
        assert take(session, shop, [event]).orders == 1


def redeem(client: RoleClient, batch: Batch, card: int = 1) -> None:
    assert client.post(f"/c/{batch.serials[card - 1]}", data=FORM).status_code == 200


def people(tenant: Tenant) -> tuple[int, int]:
    """The person of the order, and the person of the redemption."""
    with reading(tenant.number) as session:
        buyer = session.scalars(sa.select(Order.contact_number)).one()
        redeemer = session.scalars(sa.select(Touchpoint.contact_number).where(Touchpoint.kind == "redeem")).one()
        roots = roots_of(session, [buyer, redeemer])
        return roots[buyer], roots[redeemer]


@pytest.mark.parametrize("steps", ["tie order redeem", "tie redeem order", "order redeem tie", "redeem tie order"])
def test_any_order_of_events_joins(client: RoleClient, tenant: Tenant, batch: Batch, shop: Channel, steps: str) -> None:
    deeds = {
        "tie": lambda: tie(client, batch),
        "order": lambda: order(tenant, shop),
        "redeem": lambda: redeem(client, batch),
    }
    for step in steps.split():
        deeds[step]()
    buyer, redeemer = people(tenant)
    assert buyer == redeemer
    with reading(tenant.number) as session:
        person = session.scalars(sa.select(Contact).where(Contact.number == buyer)).one()
        assert person.joined_at is not None


def test_present_joins_nobody(client: RoleClient, tenant: Tenant, batch: Batch, shop: Channel) -> None:
    tie(client, batch)
    order(tenant, shop, NUMBER, IdentityClaim(kind="phone", value="+8613900000002"))
    redeem(client, batch)
    buyer, redeemer = people(tenant)
    assert buyer != redeemer


def test_own_order_changes_nothing(client: RoleClient, tenant: Tenant, batch: Batch, shop: Channel) -> None:
    tie(client, batch)
    order(tenant, shop, NUMBER, IdentityClaim(kind="phone", value="+8613900000001"))
    redeem(client, batch)
    buyer, redeemer = people(tenant)
    assert buyer == redeemer


def test_parted_people_stay_apart(client: RoleClient, tenant: Tenant, batch: Batch, shop: Channel) -> None:
    tie(client, batch)
    order(tenant, shop)
    redeem(client, batch)
    (merge,) = [m for m in client.get("/merges").get_json()["items"] if m["reason"] == "strong"]
    assert client.post(f"/merges/{merge['id']}/undo").status_code == 200
    tie(client, batch)
    buyer, redeemer = people(tenant)
    assert buyer != redeemer


def test_orders_without_cards_cost_one_look(client: RoleClient, tenant: Tenant, batch: Batch, shop: Channel) -> None:
    redeem(client, batch)
    order(tenant, shop)
    buyer, redeemer = people(tenant)
    assert buyer != redeemer
