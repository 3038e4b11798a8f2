"""What platforms count is kept once, by day, and its price becomes the placement's cost."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.ingest.facts import take
from core.placements.costs import add_cost
from core.placements.figures import Daily, daily_figures, total_figures
from core.placements.models import Placement, PlacementCost, PlacementFigure
from core.placements.service import create_placement
from core.sdk import Figures
from core.tenants.models import Tenant
from tests.factories.channels import make_channel

AT = datetime(2026, 11, 1, 2, tzinfo=UTC)


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Video")


def put_out(tenant: Tenant, channel: Channel, name: str = "V1") -> int:
    with writing(tenant.number) as session:
        owner = channel_by_number(session, channel.number)
        return create_placement(session, channel=owner, name=name, starts_at=AT).number


def told(hours: float, **more: Any) -> Figures:
    at = AT + timedelta(hours=hours)
    given = {"event_id": f"f{hours}-{more}"[:200], "at": at, "detail": {"campaign": "V1"}} | more
    return Figures.model_validate(given)


def tell(tenant: Tenant, channel: Channel, events: Sequence[Figures]) -> dict[str, str]:
    with writing(tenant.number) as session:
        return take(session, channel_by_number(session, channel.number), events).refused


def days_of(tenant: Tenant, number: int) -> Daily:
    with reading(tenant.number) as session:
        return daily_figures(session, [number])[number]


def test_any_order_gives_equal_days(tenant: Tenant, channel: Channel) -> None:
    readings = [
        told(1, counts={"views": 100}),
        told(10, counts={"views": 180, "likes": 7}),
        told(30, counts={"views": 170}),
        told(30, counts={"views": 172}),
        told(80, counts={"views": 210}),
    ]
    found = []
    for turn, order in enumerate(list(permutations(readings))[::29]):
        name = f"V{turn + 1}"
        number = put_out(tenant, channel, name)
        events = [one.model_copy(update={"detail": {"campaign": name}}) for one in order]
        assert not tell(tenant, channel, [*events, *events[:2]])
        tell(tenant, channel, events[2:])
        found.append(days_of(tenant, number))
    days = {date(2026, 11, 1): 172, date(2026, 11, 3): 19, date(2026, 11, 4): 19}
    assert all(one == {"views": days, "likes": {date(2026, 11, 1): 7}} for one in found)


def test_own_day_is_the_brands(tenant: Tenant, channel: Channel) -> None:
    number = put_out(tenant, channel)
    tell(tenant, channel, [told(14.5, counts={"views": 9})])  # half past midnight in Shanghai
    assert days_of(tenant, number) == {"views": {date(2026, 11, 1): 4, date(2026, 11, 2): 5}}


def test_spend_becomes_the_cost(tenant: Tenant, channel: Channel) -> None:
    number, day = put_out(tenant, channel), date(2026, 11, 1)
    with writing(tenant.number) as session:
        row = session.scalars(sa.select(Placement)).one()
        add_cost(session, row, day=day, amount_minor=5)
    later, earlier = told(40, day=day, spend=Decimal("12.5")), told(20, day=day, spend=Decimal("99"))
    for events in ([earlier], [later], [earlier, later]):
        tell(tenant, channel, events)
    with reading(tenant.number) as session:
        costs = session.execute(sa.select(PlacementCost.cost_key, PlacementCost.amount_minor)).all()
    assert {key.split(":")[0]: amount for key, amount in costs} == {"entry": 5, "vendor": 1250}
    assert days_of(tenant, number)["spend"] == {day: 1250}


def test_strange_videos_are_passed_over(tenant: Tenant, channel: Channel) -> None:
    number = put_out(tenant, channel)
    refused = tell(
        tenant,
        channel,
        [
            told(1, counts={"views": 1}, detail={"campaign": "not ours"}),
            told(2, spend=Decimal("0.001"), event_id="tenth of a cent"),
            told(3, counts={"views": 4}),
        ],
    )
    assert refused == {"tenth of a cent": "too_many_decimals"}
    with reading(tenant.number) as session:
        assert total_figures(session, [number]) == {number: {"views": 4}}
        assert session.scalar(sa.select(sa.func.count()).select_from(PlacementFigure)) == 1


def test_figures_are_counts() -> None:
    for counts in ({"views": -1}, {"views": 2**60}, {"smiles": 1}):
        with pytest.raises(ValidationError):
            told(1, counts=counts)


def test_other_tenants_keep_their_own(tenant: Tenant, other_tenant: Tenant, channel: Channel) -> None:
    number = put_out(tenant, channel)
    theirs = make_channel(other_tenant, "Video")
    assert put_out(other_tenant, theirs) == number
    tell(tenant, channel, [told(1, counts={"views": 5})])
    assert days_of(other_tenant, number) == {}
