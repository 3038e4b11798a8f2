"""The board counts what orders name, net of refunds, by clerk, place and store."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import writing
from core.ingest.facts import take
from core.sdk import Event, IdentityClaim, OrderSeen, Touch
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.stores import make_place, make_stores
from tests.factories.tenants import make_tenant

NOVEMBER = "/stores/board?from=2026-11-01&to=2026-12-01"


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    channel = make_stores(tenant)
    make_place(tenant, channel, "Jing'an", cost_minor=60000, place="store", number="SH01")
    make_place(tenant, channel, "Anna", place="staff", code="A017", belongs_to="sh01")
    make_place(tenant, channel, "Ben", place="staff", code="A018", belongs_to="SH01")
    return channel


def sold(number: str, code: str, amount: int, *, day: int = 21) -> list[Event]:
    who = (IdentityClaim(kind="phone", value=f"+8613900000{int(number):03}"),)
    told: dict[str, Any] = {"at": datetime(2026, 11, day, 4, tzinfo=UTC), "who": who, "detail": {"code": code}}
    visit = Touch.model_validate(told | {"event_id": f"v{number}", "kind": "visit"})
    order = OrderSeen.model_validate(told | {"event_id": f"o{number}", "order_no": number, "amount": Decimal(amount)})
    return [visit, order]


def tell(tenant: Tenant, channel: Channel, *events: Event) -> None:
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), events)


def refund(number: str, part: int) -> OrderSeen:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    told = {"event_id": f"r{number}", "at": at, "order_no": number, "state": "refunded", "refund_part": Decimal(part)}
    return OrderSeen.model_validate(told)


def test_clerks_are_ranked_by_revenue(tenant: Tenant, channel: Channel, client: RoleClient) -> None:
    tell(tenant, channel, *sold("1", "A017", 100), *sold("2", "A018", 70), *sold("3", "a018", 60), refund("3", 20))
    board = client.get(NOVEMBER).get_json()
    shown = [(row["name"], row["contacts"], row["orders"], row["revenue"]) for row in board["staff"]]
    assert shown == [("Ben", 2, 2, "110.00"), ("Anna", 1, 1, "100.00")]
    assert [row["name"] for row in board["places"]] == ["Jing'an"]


def test_store_counts_all_that_belongs_to_it(tenant: Tenant, channel: Channel, client: RoleClient) -> None:
    tell(tenant, channel, *sold("1", "A017", 100), *sold("2", "A018", 70))
    (store,) = client.get("/stores/board?from=2000-01-01&to=2100-01-01").get_json()["stores"]
    assert (store["contacts"], store["orders"], store["revenue"], store["cost"]) == (2, 2, "170.00", "600.00")
    assert store["cost_per_contact"] == 300.0


def test_cancelled_and_other_days_do_not_count(tenant: Tenant, channel: Channel, client: RoleClient) -> None:
    cancel = OrderSeen(event_id="c1", at=datetime(2026, 11, 22, tzinfo=UTC), order_no="1", state="cancelled")
    tell(tenant, channel, *sold("1", "A017", 100), *sold("2", "A017", 5, day=1), cancel)
    board = client.get("/stores/board?from=2026-11-02&to=2026-12-01").get_json()
    assert [(row["orders"], row["revenue"]) for row in board["staff"]] == [(0, "0.00")] * 2


def test_other_brands_have_their_own_board(tenant: Tenant, channel: Channel, client: RoleClient) -> None:
    there = make_tenant(name="There")
    make_place(there, make_stores(there), "Elsewhere", place="staff", code="A017")
    assert "Elsewhere" not in client.get(NOVEMBER).get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?from=2026-11-02&to=2026-11-02",
        "?from=x&to=y",
        "?from=0001-01-01&to=2026-11-02",
    ],
)
def test_bad_windows_are_refused(channel: Channel, client: RoleClient, query: str) -> None:
    assert client.get(f"/stores/board{query}").status_code == 422
