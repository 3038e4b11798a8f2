"""A run over changed contacts only gives what a run over everybody gives; whatever is in its way, everybody is counted.
On both databases."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.attribution import runs
from core.attribution.models import AttributionRun
from core.attribution.runs import find_run
from core.channels.service import channel_named_or_other
from core.db import reading, writing
from core.jobs.runner import run_pending
from core.lake.flush import flush_lake
from core.lake.parts import lake_folder
from core.tenants.models import Tenant
from tests.core.attribution.followed_runs import OPTIONS, assert_same, begun, make, make_full, shrink, stored
from tests.core.attribution.made_history import HAPPENINGS
from tests.core.lake.made_facts import add_people, add_touches


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)


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


def _damage_copies(tenant: Tenant) -> None:
    flush_lake(tenant.number)
    for path in lake_folder(tenant.number).rglob("*.arrow"):
        if path.parent.name == "opened":
            path.write_bytes(b"")


def test_damaged_lake_copy_does_no_harm(tenant: Tenant) -> None:
    history = begun(tenant)
    make_full(tenant).keep()
    history.happen("touches")
    _damage_copies(tenant)
    found = make(tenant)
    assert found.followed is not None
    assert_same(tenant, found, make_full(tenant))


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
