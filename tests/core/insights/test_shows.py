"""A show by five minutes: what people did in it, and nothing of before and after."""

from datetime import timedelta
from decimal import Decimal
from typing import Literal

import pytest

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import writing
from core.ingest.facts import take
from core.placements.models import Placement
from core.placements.service import create_placement
from core.sdk import IdentityClaim, OrderSeen, Touch, TouchKind
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.core.ingest.test_vendor_ids import EIGHT
from tests.factories.channels import make_channel

MINUTE = timedelta(minutes=1)


@pytest.fixture
def show(tenant: Tenant) -> Placement:
    live: Channel = make_channel(tenant, "Live", plugin="livestream")
    with writing(tenant.number) as session:
        channel = channel_by_number(session, live.number)
        ends = EIGHT + 60 * MINUTE
        made = create_placement(
            session, channel=channel, name="Friday", starts_at=EIGHT, ends_at=ends, detail={"room_id": "r1"}
        )
        told: list[tuple[int, TouchKind]] = [
            (-1, "comment"),
            (0, "comment"),
            (4, "comment"),
            (5, "redeem"),
            (61, "visit"),
        ]
        touches = [
            Touch(
                event_id=f"e{minute}",
                at=EIGHT + minute * MINUTE,
                who=(IdentityClaim(kind="platform_openid", value=f"s{minute}", app="tt1"),),
                kind=kind,
                placement_id=str(made.id),
            )
            for minute, kind in told
        ]
        take(session, channel, touches)
        return made


def test_minutes_are_counted_by_kind(client: RoleClient, show: Placement) -> None:
    rows = client.get(f"/placements/{show.id}/minutes").get_json()["items"]
    assert [(row["minute"], row["kind"], row["count"]) for row in rows] == [(1, "comment", 2), (6, "redeem", 1)]


def test_orders_are_counted_by_minute(client: RoleClient, tenant: Tenant, show: Placement) -> None:
    told: list[tuple[int, str, Literal["paid", "cancelled"]]] = [
        (-1, "before", "paid"), (0, "first", "paid"), (2, "third", "paid"), (2, "too", "paid"), (61, "after", "paid"),
        (2, "too", "cancelled"),
    ]  # fmt: skip
    orders = [
        OrderSeen(
            event_id=f"{number}-{state}",
            at=EIGHT + minute * MINUTE + MINUTE / 2,
            who=(IdentityClaim(kind="customer_id", value=number),),
            order_no=number,
            amount=Decimal("12.5"),
            state=state,
            detail={"room_id": "r1"},
        )
        for minute, number, state in told
    ]
    part = OrderSeen(
        event_id="back", at=EIGHT + 9 * MINUTE, order_no="third", state="refunded", refund_part=Decimal("2.5")
    )
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, show.channel_number), [*orders, part])
    rows = client.get(f"/placements/{show.id}/minutes/orders").get_json()["items"]
    assert [tuple(row.values()) for row in rows] == [(1, 1, "12.50"), (3, 1, "10.00")]


@pytest.mark.parametrize(("minutes", "phase"), [(-1, "planned"), (0, "live"), (60, "live"), (61, "over")])
def test_show_has_three_phases(client: RoleClient, show: Placement, minutes: int, phase: str) -> None:
    with clock.set_to(EIGHT + minutes * MINUTE):
        shown = client.get(f"/placements/{show.id}").get_json()
    assert shown["phase"] == phase
    assert shown["stats"]["redeemed"] == 1
