"""Whatever is in an increment's way, everybody is counted. On both databases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import clock
from core.attribution import following, keeping, runs
from core.attribution.kept import kept_path, read_kept
from core.attribution.matching import Cut
from core.attribution.trimming import DirectTouches, Visitors
from core.channels.service import channel_named_or_other
from core.db import writing
from core.lake.flush import flush_lake, rebuild_lake
from core.lake.parts import lake_folder
from core.tenants.models import Tenant
from tests.core.attribution.followed_runs import OPTIONS, assert_same, begun, make, make_full, shrink, stored


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)


def _kept_file(tenant: Tenant) -> Path:
    (path,) = (lake_folder(tenant.number) / "runs").iterdir()
    return path


def _garble(tenant: Tenant) -> None:
    path = _kept_file(tenant)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 4
    path.write_bytes(raw)


def _new_channel(tenant: Tenant) -> None:
    with writing(tenant.number) as session:
        channel_named_or_other(session, "Radio")


OBSTACLES: dict[str, Callable[[Tenant], object]] = {
    "absent": lambda tenant: _kept_file(tenant).unlink(),
    "garbled": _garble,
    "torn": lambda tenant: _kept_file(tenant).write_bytes(_kept_file(tenant).read_bytes()[:5000]),
    "empty": lambda tenant: _kept_file(tenant).write_bytes(b""),
    "rebuilt": lambda tenant: rebuild_lake(tenant.number),
    "new channel": _new_channel,
}


@pytest.mark.parametrize("obstacle", sorted(OBSTACLES))
def test_obstacle_makes_the_run_full(tenant: Tenant, obstacle: str) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    history.happen("touches")
    flush_lake(tenant.number)
    OBSTACLES[obstacle](tenant)
    found = make(tenant)
    assert found.followed is None
    assert stored(tenant, found).followed is None
    assert found.keep()
    assert make(tenant).followed is not None


def test_other_code_counts_everybody(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tenant)
    make_full(tenant).keep()
    assert make(tenant).followed is not None
    monkeypatch.setattr(runs, "VERSION", "0")
    assert make(tenant).followed is None
    monkeypatch.undo()
    monkeypatch.setattr(keeping, "WORTH", 1)
    monkeypatch.setattr(keeping, "FORMAT", 0)
    assert make(tenant).followed is None


def test_other_options_count_everybody(tenant: Tenant) -> None:
    begun(tenant)
    make_full(tenant).keep()
    others: list[dict[str, Any]] = [{"lookback_days": 8}, {"half_life_days": 2}, {"cut": Cut.NONE}, *OPTIONS]
    others += [{"collapse": True}, {"direct_touches": DirectTouches.DROP}, {"kind_weights": {"click": 2.0}}]
    others += [{"visitors": Visitors.LEAVE_OUT}, {"models": ("first", "markov")}]
    assert [make(tenant, **other).followed for other in others] == [None] * len(others)


def test_old_sums_are_not_followed(tenant: Tenant) -> None:
    begun(tenant)
    make_full(tenant).keep()
    with clock.set_to(clock.now() + following.LONGEST - timedelta(minutes=1)):
        assert make(tenant).followed is not None
    with clock.set_to(clock.now() + following.LONGEST):
        assert make(tenant).followed is None


def test_many_changes_count_everybody(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    history.happen("grow")
    flush_lake(tenant.number)
    assert make(tenant).followed is not None
    monkeypatch.setattr(following, "MOST_CHANGED", 8)
    assert make(tenant).followed is None


def test_small_lake_keeps_no_sums(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(tenant)
    monkeypatch.setattr(keeping, "WORTH", 10_000)
    assert not make_full(tenant).keep()


def test_large_lake_is_followed_without_tails(tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 10)
    history = begun(tenant)
    full = make_full(tenant)
    assert full.keep()
    kept, _ = read_kept(kept_path(tenant.number, full.question))
    assert kept.tails is None
    history.happen("touches")
    flush_lake(tenant.number)
    found = make(tenant)
    assert found.followed is not None
    assert_same(tenant, found, make_full(tenant))
