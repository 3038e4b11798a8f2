"""A run over changed contacts only gives what a run over everybody gives; whatever is in its way, everybody is counted.
On both databases."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import clock
from core.attribution import execution, following, keeping, runs
from core.attribution.execution import Made, execute_run
from core.attribution.known_models import all_models
from core.attribution.matching import Cut
from core.attribution.models import AttributionRun
from core.attribution.results import NO_CELLS, CellSums
from core.attribution.runs import Detail, RunOptions, add_run, find_run
from core.attribution.trimming import DirectTouches, Visitors
from core.channels.service import channel_named_or_other
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.lake import growth, opened
from core.lake.flush import flush_lake, rebuild_lake
from core.lake.parts import lake_folder
from core.tenants.models import Tenant
from tests.core.attribution.made_history import HAPPENINGS, History
from tests.core.lake.crashing import SMALL
from tests.core.lake.made_facts import add_people, add_touches, at

WINDOW = (at(12 * 24 * 60).date(), at(50 * 24 * 60).date())
OPTIONS: tuple[dict[str, Any], ...] = (
    {"upstream_share": 0.4, "upstream_depth": 2},
    {"upstream_share": 0.2, "lookback_days": 9.0, "cut": Cut.NONE, "upstream_base": "linear", "detail": Detail.FULL},
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SMALL.items():
        monkeypatch.setattr(growth, name, value)
    monkeypatch.setattr(opened, "LARGE", 5)
    monkeypatch.setattr(keeping, "WORTH", 1)
    monkeypatch.setattr(following, "MOST_CHANGED", 0)


def begun(tenant: Tenant, seed: int = 1) -> History:
    history = History(tenant, np.random.default_rng(seed))
    history.begin()
    return history


def make(tenant: Tenant, **options: Any) -> Made:
    asked = RunOptions(*WINDOW, **{"models": tuple(all_models()), "detail": Detail.BRIEF, **options})
    with writing(tenant.number) as session:
        run_id = add_run(session, asked).id
    made = execute_run(tenant.number, run_id, door=lambda: writing(tenant.number))
    assert made is not None
    return made


def make_full(tenant: Tenant, **options: Any) -> Made:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "find_followed", lambda session, plan, question: None)
        return make(tenant, **options)


def stored(tenant: Tenant, made: Made) -> AttributionRun:
    with reading(tenant.number) as session:
        run = find_run(session, str(made.run_id))
        session.expunge(run)
        return run


def assert_same(tenant: Tenant, found: Made, full: Made) -> None:
    """To 1e-12 of each model's total, in every cell and every figure that is stored."""
    for name in ("orders", "value_minor", "lost_orders", "lost_minor", "journeys", "generation", "models"):
        assert getattr(stored(tenant, found), name) == getattr(stored(tenant, full), name), name
    assert found.credits.cells.keys() == full.credits.cells.keys()
    for name, cells in full.credits.cells.items():
        _assert_cells(found.credits.cells[name], cells, name)
    _assert_cells(_upstream(found), _upstream(full), "upstream")
    for name, effects in full.credits.effects.items():
        for detail, column in effects.details.items():
            np.testing.assert_allclose(found.credits.effects[name].details[detail], column, atol=1e-12, rtol=0)
    for name, sums in full.credits.tally.sums.items():
        other = found.credits.tally.sums[name]
        np.testing.assert_array_equal(other.key, sums.key)
        np.testing.assert_array_equal(other.counts, sums.counts)
        size = max(full.credits.tally.value, full.credits.conversions)
        np.testing.assert_allclose(other.amounts, sums.amounts, rtol=0, atol=1e-12 * size, err_msg=name)


def _upstream(made: Made) -> CellSums:
    sums = made.credits.tally.sums.get("upstream")
    return NO_CELLS if sums is None else CellSums(sums.key, *sums.amounts)


def _assert_cells(found: CellSums, full: CellSums, name: str) -> None:
    cell = np.union1d(found.cell, full.cell)
    for measure in ("conversions", "value"):
        total = getattr(full, measure).sum()
        columns = [np.zeros(len(cell)), np.zeros(len(cell))]
        for column, one in zip(columns, (found, full), strict=True):
            column[np.searchsorted(cell, one.cell)] = getattr(one, measure)
        np.testing.assert_allclose(columns[0], columns[1], rtol=0, atol=1e-12 * total, err_msg=f"{name} {measure}")


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("seed", range(2))
def test_increment_equals_full_run(tenant: Tenant, seed: int, options: dict[str, Any]) -> None:
    history = begun(tenant, seed)
    assert make_full(tenant, **options).keep()
    for turn in range(2):
        for what in history.random.choice(HAPPENINGS, 5):
            history.happen(str(what))
        flush_lake(tenant.number)
        found = make(tenant, **options)
        assert found.followed is not None, turn
        assert_same(tenant, found, make_full(tenant, **options))


@pytest.mark.parametrize("what", sorted(set(HAPPENINGS)))
def test_every_happening_is_followed(tenant: Tenant, what: str) -> None:
    history = begun(tenant)
    history.happen("merge")
    flush_lake(tenant.number)
    base = make_full(tenant, **OPTIONS[0])
    base.keep()
    for _ in range(2):
        history.happen(what)
    flush_lake(tenant.number)
    found = make(tenant, **OPTIONS[0])
    assert_same(tenant, found, make_full(tenant, **OPTIONS[0]))
    run = stored(tenant, found)
    assert run.followed == base.run_id
    assert run.changed_contacts is not None
    assert not found.keep()


def test_only_changed_contacts_are_counted(tenant: Tenant) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    assert stored(tenant, make(tenant)).changed_contacts == 0
    history.alive = history.alive[:3]
    history.happen("touches")
    flush_lake(tenant.number)
    assert stored(tenant, make(tenant)).changed_contacts in (1, 2, 3)


def test_refunded_channel_keeps_no_rest(tenant: Tenant) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    for _ in range(len(history.amounts)):
        with writing(tenant.number) as session:
            history.refund(session)
    flush_lake(tenant.number)
    found, full = make(tenant), make_full(tenant)
    for name in ("markov", "shapley"):
        assert (found.credits.cells[name].value == 0).sum() == (full.credits.cells[name].value == 0).sum()


def test_channel_without_orders_is_followed(tenant: Tenant) -> None:
    history = begun(tenant)

    def pass_by(count: int, day: int) -> None:
        """People who come by Radio, then by Search, and never buy."""
        with writing(tenant.number) as session:
            radio = channel_named_or_other(session, "Radio").number
            people = add_people(session, count)
            for minute, channel in ((day * 1440, radio), (day * 1440 + 100, history.channels[1])):
                add_touches(session, people, [float(minute + one) for one in range(count)], channel=channel)
        flush_lake(tenant.number)

    pass_by(5, day=20)
    make_full(tenant).keep()
    pass_by(3, day=23)
    found = make(tenant)
    assert found.followed is not None
    assert_same(tenant, found, make_full(tenant))
    cells, radio = found.credits.cells["markov"], max(history.channels) + 1
    assert cells.conversions[cells.cell // found.plan.code.width == radio].sum() > 0


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


def _damage_copies(tenant: Tenant) -> None:
    flush_lake(tenant.number)
    for path in lake_folder(tenant.number).rglob("*.arrow"):
        if path.parent.name == "opened":
            path.write_bytes(b"")


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


def test_damaged_lake_copy_does_no_harm(tenant: Tenant) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    history.happen("touches")
    _damage_copies(tenant)
    found = make(tenant)
    assert found.followed is not None
    assert_same(tenant, found, make_full(tenant))


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


def test_refresh_makes_increments_of_the_day(tenant: Tenant) -> None:
    history = begun(tenant)
    run_pending()
    full = presets(tenant)
    assert [run.followed for run in full.values()] == [None] * 4
    history.happen("touches")
    run_pending()
    followed = presets(tenant)
    assert {preset: run.followed for preset, run in followed.items()} == {p: run.id for p, run in full.items()}
    with reading(tenant.number) as session:
        assert {find_run(session, str(run.id)).state for run in full.values()} == {"done"}
    with clock.set_to(clock.now() + timedelta(days=1)):
        history.happen("touches")
        run_pending()
        assert [run.followed for run in presets(tenant).values()] == [None] * 4


def presets(tenant: Tenant) -> dict[str | None, AttributionRun]:
    """The newest run of each usual window."""
    with reading(tenant.number) as session:
        found = {run.preset: run for run in reversed(runs.list_runs(session))}
        for run in found.values():
            session.expunge(run)
    return found
