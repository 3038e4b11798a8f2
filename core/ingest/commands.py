"""`siyu import touchpoints|orders|contacts|costs FILE`: the same services as the import page, from a shell."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import click
import sqlalchemy as sa

from core import settings
from core.db import Database, connect, parse_id, platform_reading, reading, writing
from core.errors import FieldError, Invalid, NotFound
from core.ingest import imports
from core.ingest.fields import ImportKind
from core.ingest.mapping import Mapping
from core.ingest.row_filter import Condition, read_condition
from core.ingest.shown import Counts, show_counts
from core.ingest.uploads import receive_file
from core.jobs.runner import run_now
from core.tenants.models import Tenant

KINDS = ("touchpoints", "orders", "contacts", "costs")
_CHUNK = 1 << 20


@click.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="Brand: its id or its name.")
@click.option(
    "--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Which column is a field; the rest is guessed."
)
@click.option("--where", "conditions", multiple=True, metavar="CONDITION", help="Take only rows like kind=conversion.")
@click.option("--channel", help="The channel of all rows, where no column names one.")
@click.option("--create-channels", is_flag=True, help="Let unknown channel names become channels.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and stop.")
def import_command(
    kind: ImportKind,
    file: Path,
    tenant: str,
    maps: tuple[str, ...],
    conditions: tuple[str, ...],
    channel: str | None,
    create_channels: bool,
    dry_run: bool,
) -> None:
    """Take in a CSV file: touchpoints, orders, contacts or costs."""
    connect(Database(settings.current().database))
    number = find_tenant(tenant)
    import_id = receive_file(number, _read_chunks(file), kind=kind, name=file.name)
    with writing(number) as session:
        row = imports.find_import(session, import_id)
        mapping = Mapping.model_validate(row.mapping)
        columns = mapping.columns | dict(_read_map(text) for text in maps)
        chosen = mapping.model_copy(update={"columns": columns, "channel": channel or mapping.channel})
        wanted = [_read_where(text) for text in conditions]
        imports.change_import(session, import_id, mapping=chosen, row_filter=wanted, create_channels=create_channels)
    click.echo("mapping: " + ", ".join(f"{field}={column}" for field, column in columns.items()), err=True)
    _tell_preview(number, import_id, create_channels=create_channels)
    if dry_run:
        return
    with writing(number) as session:
        job_id = imports.start_import(session, import_id).job_id
    assert job_id is not None
    counts = _wait(number, import_id, job_id)
    click.echo(
        f"{counts.state}: {counts.rows} rows, {counts.touchpoints} touchpoints, {counts.orders} orders,"
        f" {counts.duplicates} there already, {counts.skipped} left out, {counts.rejected} refused"
    )
    if counts.state != "done":
        raise SystemExit(1)


def find_tenant(named: str) -> int:
    """The number of the brand with this id or name.

    Raises:
        NotFound: there is none.
        Invalid: several have the name.
    """
    with platform_reading() as session:
        by_name = list(session.scalars(sa.select(Tenant.number).where(Tenant.name == named)))
        if len(by_name) > 1:
            raise Invalid(f"{len(by_name)} brands are named {named}; give the id.")
        if by_name:
            return by_name[0]
        try:
            number = session.scalar(sa.select(Tenant.number).where(Tenant.id == parse_id(named)))
        except NotFound:
            number = None
        if number is None:
            raise NotFound(f"There is no brand {named}.")
        return number


def _read_chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _read_map(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign:
        raise Invalid(fields=[FieldError("map", "malformed", "write --map field=column")])
    return field.strip(), column.strip()


def _read_where(text: str) -> Condition:
    try:
        return read_condition(text)
    except ValueError as error:
        raise Invalid(str(error)) from None


def _tell_preview(number: int, import_id: uuid.UUID, *, create_channels: bool) -> None:
    preview = imports.preview_import(number, import_id)
    for problem in preview.problems:
        click.echo(f"{problem.path}: {problem.en}", err=True)
    if preview.unknown_channels:
        names = ", ".join(preview.unknown_channels)
        then = "become channels" if create_channels else "are refused; --create-channels makes them"
        click.echo(f"unknown channels: {names} ({then})", err=True)
    if preview.refused_count:
        first = preview.refused[0]
        click.echo(f"{preview.refused_count} of the first {preview.rows_read} rows are refused", err=True)
        click.echo(f"for example line {first.line}: {first.reason.en}", err=True)


def _wait(number: int, import_id: uuid.UUID, job_id: uuid.UUID) -> Counts:
    """Work the job here, or watch the platform's worker do it; progress goes to the error stream."""
    while True:
        run_now(job_id)
        with reading(number) as session:
            counts = show_counts(session, imports.find_import(session, import_id))
        if counts.job is not None and counts.job.progress.total:
            click.echo(f"\r{counts.job.progress.done} / {counts.job.progress.total}", nl=False, err=True)
        if counts.state != "running":
            click.echo("", err=True)
            return counts
        time.sleep(0.5)
