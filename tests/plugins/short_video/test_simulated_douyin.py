"""Douyin's figures of videos, from the simulated open platform to the placement's days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from core import clock
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.ingest.polling import submit_due_polls
from core.jobs.runner import run_pending
from core.placements.models import PlacementFigure
from core.placements.service import create_placement
from core.sdk import BadSettings, Figures, Placement, Unreachable
from core.sdk.simulated import MARK
from core.simulator.day import live_a_day
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator
from core.simulator.vendors.douyin_videos import DouyinVideos
from core.tenants.models import Tenant
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings
from tests.factories.channels import make_channel

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
SETTINGS = VideoSettings.model_validate(dict(DouyinVideos.account))
VIDEO = Placement(id="p1", name="V", starts_at=NOON - timedelta(days=3), detail={"platform": "douyin", "item_id": "v1"})


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


def watch(simulator: Simulator, views: int) -> None:
    simulator.tell("douyin_videos", "watched", {"item_id": "v1", "views": str(views)})


def test_views_become_days_of_placement(db: object, tenant: Tenant, simulator: Simulator) -> None:
    channel = make_channel(tenant, "Video", plugin="short_video", settings=dict(DouyinVideos.account))
    with writing(tenant.number) as session:
        row = channel_by_number(session, channel.number)
        create_placement(session, channel=row, name="V", starts_at=VIDEO.starts_at, detail=dict(VIDEO.detail))
    for day, views in enumerate((1000, 250)):
        watch(simulator, views)
        with clock.set_to(NOON + timedelta(days=day)):
            for _ in range(2):  # the second quarter of a day tells nothing new
                submit_due_polls()
                run_pending()
    with reading(tenant.number) as session:
        query = sa.select(PlacementFigure.day, PlacementFigure.total).where(PlacementFigure.name == "views")
        told = session.execute(query.order_by(PlacementFigure.day)).all()
    assert [tuple(one) for one in told] == [(date(2026, 11, 20), 1000), (date(2026, 11, 21), 1250)]


def test_ended_token_is_renewed_there(simulator: Simulator) -> None:
    watch(simulator, 480)
    simulator.tell("douyin_videos", "token_ends", {})
    (figures,) = ShortVideo().measure([VIDEO], SETTINGS)
    assert isinstance(figures, Figures)
    assert figures.counts == {"views": 480, "likes": 20, "comments": 2, "shares": 1}
    assert [one.state for one in simulator.conversation.entries()] == ["forged", "genuine", "genuine"]


@pytest.mark.parametrize("field", ["douyin_refresh_token", "douyin_client_key"])
def test_renewal_of_another_is_refused(simulator: Simulator, field: str) -> None:
    wrong = f"wrong-{MARK}"
    value = SecretStr(wrong) if field == "douyin_refresh_token" else wrong
    simulator.tell("douyin_videos", "token_ends", {})
    with pytest.raises(BadSettings, match="douyin_refresh_token"):
        ShortVideo().check(SETTINGS.model_copy(update={field: value}))


def test_check_accepts_the_account(simulator: Simulator) -> None:
    assert ShortVideo().check(SETTINGS) == ()


def test_other_account_sees_nothing(simulator: Simulator) -> None:
    watch(simulator, 10)
    other = SETTINGS.model_copy(update={"douyin_open_id": "somebody", "douyin_client_key": ""})
    with pytest.raises(BadSettings, match="douyin_token"):
        ShortVideo().measure([VIDEO], other)


@pytest.mark.parametrize("answers", ["busy", "broken"])
def test_bad_moods_are_tried_later(simulator: Simulator, answers: Answers) -> None:
    watch(simulator, 10)
    simulator.moods["douyin_videos"] = Moods(answers=answers)
    with pytest.raises(Unreachable):
        ShortVideo().measure([VIDEO], SETTINGS)


def test_day_and_restart_keep_views(simulator: Simulator, tmp_path: Path) -> None:
    vendor = simulator.vendors["douyin_videos"]
    vendor.settings["item_ids"] = "v1, v2"
    live_a_day(simulator, seed=3)
    simulator.save(tmp_path / "state.json")
    again = Simulator()
    again.load(tmp_path / "state.json")
    kept = again.vendors["douyin_videos"].remember()
    assert kept == vendor.remember()
    assert isinstance(kept, dict)
    assert set(kept) == {"v1", "v2"}


def test_views_never_fall(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="grow"):
        watch(simulator, -1)
