"""A live session that begins has its comments pushed: started once at Douyin, with the app's own token."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import clock
from core.db import platform_reading, writing
from core.ingest.starting import submit_due_starts
from core.jobs.models import Job
from core.jobs.runner import run_pending
from core.placements.models import Placement
from core.simulator.moods import Moods
from core.simulator.stage import Simulator
from core.simulator.vendors.douyin_live import DouyinLive
from core.tenants.models import Tenant
from tests.factories.channels import make_channel
from tests.factories.placements import make_placement

EIGHT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KINDS = ["live_comment", "live_fansclub", "live_gift"]


@pytest.fixture
def douyin(simulator: Simulator) -> Iterator[DouyinLive]:
    found = simulator.vendors["douyin_live"]
    assert isinstance(found, DouyinLive)
    found.forget()
    with clock.set_to(EIGHT):
        yield found


def open_show(tenant: Tenant, douyin: DouyinLive, **changed: Any) -> Placement:
    settings: Any = {**douyin.account, **changed.pop("settings", {})}
    channel = make_channel(tenant, "Live", plugin="livestream", settings=settings)
    detail = {"platform": "douyin", "room_id": douyin.settings["room_id"], **changed.pop("detail", {})}
    times = {"starts_at": EIGHT, "ends_at": EIGHT + timedelta(hours=2)}
    return make_placement(tenant, "Friday", channel=channel, detail=detail, **(times | changed))


def sweep(*, strict: bool = True) -> None:
    submit_due_starts()
    run_pending(strict=strict)


def results() -> list[Any]:
    with platform_reading() as session:
        return list(session.scalars(sa.select(Job.result).where(Job.kind == "ingest.start_show")))


def test_show_that_begins_is_started_once(tenant: Tenant, douyin: DouyinLive) -> None:
    open_show(tenant, douyin)
    for _ in range(3):
        sweep()
    assert sorted(kind for _, kind in douyin.started) == KINDS
    assert results() == [{"remarks": []}]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(timedelta(minutes=1), timedelta(hours=2)), (-timedelta(hours=3), -timedelta(hours=1))],
)
def test_show_of_another_time_waits(tenant: Tenant, douyin: DouyinLive, begins: timedelta, ends: timedelta) -> None:
    open_show(tenant, douyin, starts_at=EIGHT + begins, ends_at=EIGHT + ends)
    sweep()
    assert douyin.started == []


def test_job_that_waited_too_long_starts_nothing(tenant: Tenant, douyin: DouyinLive) -> None:
    open_show(tenant, douyin)
    submit_due_starts()
    with clock.set_to(EIGHT + timedelta(hours=3)):
        run_pending()
    assert (douyin.started, results()) == ([], [{"remarks": []}])


def test_ended_token_is_renewed(tenant: Tenant, douyin: DouyinLive) -> None:
    douyin.tokens_that_end = 1
    open_show(tenant, douyin)
    sweep()
    assert sorted(kind for _, kind in douyin.started) == KINDS


def test_changed_room_is_started_again(tenant: Tenant, douyin: DouyinLive) -> None:
    show = open_show(tenant, douyin)
    sweep()
    with writing(tenant.number) as session:
        room = f"{douyin.settings['room_id']}1"
        session.execute(
            sa.update(Placement).where(Placement.id == show.id).values(detail={**show.detail, "room_id": room})
        )
    sweep()
    assert len(douyin.started) == 6


def test_wrong_secret_asks_a_human(tenant: Tenant, douyin: DouyinLive) -> None:
    open_show(tenant, douyin, settings={"douyin_app_secret": "another"})
    sweep(strict=False)
    assert douyin.started == []


def test_vendor_that_is_down_is_asked_again(tenant: Tenant, douyin: DouyinLive, simulator: Simulator) -> None:
    open_show(tenant, douyin)
    simulator.moods["douyin_live"] = Moods(answers="broken")
    sweep(strict=False)
    simulator.moods["douyin_live"] = Moods()
    with clock.set_to(EIGHT + timedelta(minutes=30)):
        run_pending()
    assert {kind for _, kind in douyin.started} == {*KINDS}


def test_without_secret_a_remark_is_left(tenant: Tenant, douyin: DouyinLive) -> None:
    open_show(tenant, douyin, settings={"douyin_app_secret": ""})
    sweep()
    assert "start the push yourself" in str(results())
