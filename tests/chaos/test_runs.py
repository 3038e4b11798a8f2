"""Attribution runs, and the flushes of the lake before them, while what makes them is killed: the credits of peace."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from core.attribution.credits import credit_table
from core.attribution.execution import execute_run
from core.attribution.models import AttributionRun
from core.attribution.runs import RunOptions, add_run, request_run
from core.db import platform_reading, reading, writing
from core.jobs.models import OPEN_STATES, Job
from core.lake.flush import rebuild_lake
from core.tenants.models import Tenant
from tests.chaos.trouble import WORK_SECONDS, Trouble, on_both
from tests.core.attribution.made_orders import make_brand
from tests.core.lake.made_facts import lake_rows
from tests.servers.siyu import Running, until

pytestmark = [pytest.mark.chaos, pytest.mark.server, pytest.mark.slow]

BATCHES, TOUCHES, RUNS = 4, 1_500, 14
DURING_FLUSHES = ("slow-1", "redis", "dispatcher", "slow-1")
DURING_RUNS = ("slow-1", "redis", "api", "dispatcher", "slow-1")
Lines = dict[tuple[str, str], tuple[float, float]]


def count_jobs(brand: Tenant, *conditions: sa.ColumnElement[bool]) -> int:
    with platform_reading() as session:
        query = sa.select(sa.func.count()).select_from(Job).where(Job.owner == brand.number, *conditions)
        return session.scalar(query) or 0


def works_on(brand: Tenant, kind: str) -> Callable[[], bool]:
    return lambda: count_jobs(brand, Job.kind == kind, Job.state == "running") > 0


def ask_runs(brand: Tenant) -> list[AttributionRun]:
    options = [RunOptions(date(2025, 12, 1), date(2026, 6, 1), half_life_days=1.0 + n) for n in range(RUNS)]
    with writing(brand.number) as session:
        return [request_run(session, one) for one in options]


def credit_lines(brand: Tenant, run: AttributionRun) -> Lines:
    with reading(brand.number) as session:
        run = session.get_one(AttributionRun, (brand.number, run.id))
        lines = [line for by in ("channel", "day") for line in credit_table(session, run, models=[], by=by).lines]
    return {(line.model, line.key): (line.conversions, line.value) for line in lines}


def make_in_peace(brand: Tenant, run: AttributionRun) -> Lines:
    with writing(brand.number) as session:
        options = RunOptions(run.from_day, run.to_day, half_life_days=run.half_life_days)
        again = add_run(session, options)
    execute_run(brand.number, again.id, door=lambda: writing(brand.number))
    return credit_lines(brand, again)


@on_both
def test_runs_survive_every_kill(platform: Running, brand: Tenant) -> None:
    trouble = Trouble(platform, seed=20_261_125)
    for number, victim in zip(range(BATCHES), DURING_FLUSHES, strict=True):
        make_brand(brand, people=200, touches=TOUCHES, seed=number)
        trouble.strike_during(victim, works_on(brand, "lake.flush"))
    until(lambda: len(lake_rows(brand)[0]) == BATCHES * TOUCHES, seconds=WORK_SECONDS, otherwise=f"{trouble}")
    runs = ask_runs(brand)
    for victim in DURING_RUNS:
        trouble.strike_during(victim, works_on(brand, "attribution.run"))
    until(lambda: not count_jobs(brand, Job.state.in_(OPEN_STATES)), seconds=WORK_SECONDS, otherwise=f"{trouble}")
    assert count_jobs(brand, Job.state != "done") == 0
    assert trouble.left_behind() == []

    flushed, made = lake_rows(brand), [credit_lines(brand, run) for run in runs]
    rebuild_lake(brand.number)
    assert flushed == lake_rows(brand)
    for run, lines in zip(runs, made, strict=True):
        peaceful = make_in_peace(brand, run)
        assert lines.keys() == peaceful.keys()
        assert list(lines.values()) == [pytest.approx(peaceful[key], rel=1e-9, abs=1e-9) for key in lines]
