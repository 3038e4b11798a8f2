"""A host, a spoken code: names that come again lead to the placement of their time, with the minute of the show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.db import reading, writing
from core.ingest.facts import take
from core.placements.models import Placement
from core.placements.service import archive_placement, create_placement, find_placement
from core.sdk import IdentityClaim, Touch
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.factories.channels import make_channel

EIGHT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def live(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Live", plugin="livestream")


def show(tenant: Tenant, channel: Channel, name: str, at: datetime, **detail: Any) -> Placement:
    with writing(tenant.number) as session:
        owner = session.merge(channel, load=False)
        return create_placement(session, channel=owner, name=name, starts_at=at, ends_at=at + 2 * HOUR, detail=detail)


def placed(tenant: Tenant, channel: Channel, at: datetime, **detail: Any) -> tuple[str | None, object]:
    """The placement's name and the minute of a touch that says this."""
    who = (IdentityClaim(kind="phone", value="+8613900000001"),)
    event_id = f"e-{at.timestamp()}-{sorted(detail.items())}"[:200]
    with writing(tenant.number) as session:
        taken = take(session, channel, [Touch(event_id=event_id, at=at, who=who, kind="comment", detail=detail)])
        assert (taken.touchpoints, taken.refused) == (1, {})
    with reading(tenant.number) as session:
        row = session.scalars(sa.select(Touchpoint).where(Touchpoint.event_id == event_id)).one()
        found = session.scalar(sa.select(Placement.name).where(Placement.number == row.placement_number))
        return found, row.detail.get("minute")


def test_time_decides_between_sessions(tenant: Tenant, live: Channel) -> None:
    for name, at in (("Friday", EIGHT), ("Saturday", EIGHT + DAY)):
        show(tenant, live, name, at, host="小 林", spoken="龙井88, tea")
    assert placed(tenant, live, EIGHT + 40 * timedelta(minutes=1), spoken="龙井88") == ("Friday", 41)
    assert placed(tenant, live, EIGHT, host="小 林") == ("Friday", 1)
    assert placed(tenant, live, EIGHT + DAY + HOUR, spoken="ＴＥＡ") == ("Saturday", 61)
    assert placed(tenant, live, EIGHT + 3 * HOUR, host="小 林") == ("Friday", None)
    assert placed(tenant, live, EIGHT + 5 * HOUR, host="小 林") == (None, None)
    assert placed(tenant, live, EIGHT + 5 * HOUR, spoken="tea") == ("Friday", None)
    assert placed(tenant, live, EIGHT + 6 * DAY, spoken="tea") == (None, None)
    assert placed(tenant, live, EIGHT + HOUR, spoken="coffee") == (None, None)


def test_room_is_surer_than_host(tenant: Tenant, live: Channel) -> None:
    show(tenant, live, "By host", EIGHT, host="小林")
    show(tenant, live, "By room", EIGHT - DAY, room_id="268")
    assert placed(tenant, live, EIGHT, host="小林", room_id="268")[0] == "By room"
    assert placed(tenant, live, EIGHT, host="小林", room_id="9")[0] == "By host"


def test_host_who_begins_early_is_heard(tenant: Tenant, live: Channel) -> None:
    show(tenant, live, "Before", EIGHT - 2 * HOUR, host="小林")
    show(tenant, live, "After", EIGHT + HOUR / 4, host="小林")
    assert placed(tenant, live, EIGHT + HOUR / 6, host="小林") == ("Before", None)
    show(tenant, live, "Alone", EIGHT + 9 * HOUR, host="小周")
    assert placed(tenant, live, EIGHT + 9 * HOUR - HOUR / 4, host="小周") == ("Alone", None)


def test_late_word_finds_an_archived_session(tenant: Tenant, live: Channel) -> None:
    made = show(tenant, live, "Over", EIGHT, spoken="tea", room_id="268")
    with writing(tenant.number) as session:
        archive_placement(session, find_placement(session, made.id))
    assert placed(tenant, live, EIGHT + HOUR, spoken="tea") == ("Over", 61)
    assert placed(tenant, live, EIGHT + 30 * DAY, room_id="268") == ("Over", None)


def test_other_channels_have_no_shows(tenant: Tenant, live: Channel) -> None:
    show(tenant, live, "Friday", EIGHT, spoken="tea")
    other = make_channel(tenant, "Ads")
    assert placed(tenant, other, EIGHT, spoken="tea") == (None, None)
