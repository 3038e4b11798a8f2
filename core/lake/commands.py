"""`siyu lake`: prove that the columnar copy is whole, build it anew, compact it."""

import sys
import time
from collections.abc import Callable, Iterator

import click
import sqlalchemy as sa

from core import settings
from core.db import Database, connect, platform_reading, reading
from core.errors import NotFound
from core.lake.checking import check_lake
from core.lake.compaction import compact_lake
from core.lake.flush import rebuild_lake
from core.lake.manifest import take_snapshot
from core.lake.sweeping import sweep_lake, sweep_orphans
from core.tenants.models import Tenant

chosen_tenants = click.option("--tenant", "named", multiple=True, help="Brand: its id or its name. All when left out.")


@click.group("lake")
def lake() -> None:
    """The columnar copy of touchpoints and orders that attribution reads."""


@lake.command("check")
@chosen_tenants
def check(named: tuple[str, ...]) -> None:
    """Look at every file and compare every row with the database; exit code 1 if something is wrong."""
    is_whole = True
    for tenant in _tenants(named):
        found = check_lake(tenant.number)
        counted = f"generation {found.snapshot.generation}, {found.touches:,} touches, {found.orders:,} orders"
        says = "whole, and equal to the database" if not found.faults else f"NOT WHOLE: {len(found.faults)} faults"
        click.echo(f"{tenant.name}: {counted} in {len(found.snapshot.parts)} files: {says}")
        for fault in found.faults:
            click.echo(f"  {fault}")
        is_whole = is_whole and not found.faults
    if not is_whole:
        click.echo("Run `siyu lake rebuild`: the lake is a copy, and the database has all of it.", err=True)
        sys.exit(1)


@lake.command("rebuild")
@chosen_tenants
def rebuild(named: tuple[str, ...]) -> None:
    """Read everything from the database again; readers keep the old files until the new ones are there."""

    def build(number: int) -> str:
        made = rebuild_lake(number)
        return f"{made.touches:,} touches and {made.orders:,} orders are generation {made.generation}"

    _each(named, build)


@lake.command("compact")
@chosen_tenants
def compact(named: tuple[str, ...]) -> None:
    """Write every bucket anew as one file, and delete the files that nobody reads any more."""

    def write(number: int) -> str:
        before = _files(number)
        generation = compact_lake(number, everything=True)
        swept = sweep_lake(number) + sweep_orphans(number)
        return f"{before} files became {_files(number)}, generation {generation}; {swept} old files deleted"

    _each(named, write)


def _each(named: tuple[str, ...], work: Callable[[int], str]) -> None:
    for tenant in _tenants(named):
        began = time.perf_counter()
        said = work(tenant.number)
        click.echo(f"{tenant.name}: {said} ({time.perf_counter() - began:.1f} s)")


def _files(number: int) -> int:
    with reading(number) as session:
        return len(take_snapshot(session).parts)


def _tenants(named: tuple[str, ...]) -> Iterator[Tenant]:
    connect(Database(settings.current().database))
    with platform_reading() as session:
        all_of_them = list(session.scalars(sa.select(Tenant).order_by(Tenant.number)))
    for name in named:
        if not any(name in (str(tenant.id), tenant.name) for tenant in all_of_them):
            raise NotFound(f"There is no brand {name}.")
    yield from (one for one in all_of_them if not named or str(one.id) in named or one.name in named)
