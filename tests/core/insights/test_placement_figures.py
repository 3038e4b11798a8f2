"""Views, followers and two links of one placement are told apart, with the price of each."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.channels.models import Channel
from core.contacts.service import resolve
from core.db import reading, writing
from core.placements.figures import Told, daily_figures, record_figures, total_figures
from core.placements.models import Placement
from core.placements.service import create_placement, make_link
from core.tenants.models import Tenant
from core.touchpoints.service import NewTouch, record
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.contacts import cookie, phone

AT = datetime(2026, 11, 1, 2, tzinfo=UTC)
WINDOW = {"from": "2026-11-01", "to": "2026-12-01"}


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Video")


@pytest.fixture
def video(tenant: Tenant, channel: Channel) -> Placement:
    """A video of 300.00 with two links: three people came by the bio, one of whom joined; one by the comment."""
    with writing(tenant.number) as session:
        owner = session.scalars(sa.select(Channel).where(Channel.number == channel.number)).one()
        placement = create_placement(session, channel=owner, name="V1", starts_at=AT, cost_minor=30_000)
        bio, comment = (
            make_link(session, placement, "https://a.example/", label=label) for label in ("bio", "comment")
        )
        people = [(cookie("a"),), (cookie("b"),), (phone("13900000001"),), (cookie("d"),)]
        numbers = resolve(session, people, at=[AT] * 4)
        codes = [bio.code, bio.code, bio.code, comment.code, bio.code]
        for turn, code in enumerate(codes):
            who, detail = numbers[turn % 4], {"link": code}
            touch = NewTouch(f"t{turn}", who, channel.number, placement.number, "click", AT, detail, turn == 4)
            record(session, [touch])
        told = [Told(placement.number, name, count, AT) for name, count in (("views", 2_000), ("followers", 40))]
        record_figures(session, told)
        return placement


def ask(client: RoleClient, path: str, **query: str) -> Any:
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_links_are_told_apart(client: RoleClient, video: Placement) -> None:
    shown = ask(client, f"/placements/{video.id}/figures")
    assert [(one["label"], one["clicks"], one["people"], one["contacts"]) for one in shown["links"]] == [
        ("bio", 3, 3, 1),
        ("comment", 1, 1, 0),
    ]
    assert shown["totals"] == {"views": 2000, "followers": 40}
    assert shown["cost_per"] == {"view": "0.1500", "follower": "7.5000", "click": "75.0000", "contact": "300.0000"}
    assert shown["days"] == [{"day": "2026-11-01", "counts": {"views": 2000, "followers": 40}, "spend": None}]


def test_lists_show_the_same_prices(client: RoleClient, video: Placement) -> None:
    stats = ask(client, "/placements")["items"][0]["stats"]
    assert (stats["views"], stats["cost_per_view"], stats["cost_per_follower"]) == (2000, 0.15, 7.5)
    for by in ("channel", "placement", "day"):
        table = ask(client, "/insights/costs", by=by, **WINDOW)
        (row,) = (row for row in table["rows"] if row["views"])
        for shown in (row, table["total"]):
            assert (shown["views"], shown["followers"], shown["cost_per_view"]) == (2000, 40, "0.1500")


def test_unknown_placement_has_no_figures(client: RoleClient, video: Placement) -> None:
    assert client.get("/placements/01890000-0000-7000-8000-000000000000/figures").status_code == 404


def test_totals_are_the_sums_of_days(tenant: Tenant, video: Placement) -> None:
    day = date(2026, 11, 3)
    with writing(tenant.number) as session:
        record_figures(session, [Told(video.number, "likes", 5, AT, day), Told(video.number, "views", 7, AT, day)])
    with reading(tenant.number) as session:
        daily = daily_figures(session, [video.number])[video.number]
        totals = total_figures(session, [video.number])[video.number]
    assert totals == {name: sum(days.values()) for name, days in daily.items()}
    assert totals == {"views": 2007, "followers": 40, "likes": 5}
