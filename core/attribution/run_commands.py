"""`siyu runs`: a brand's attribution runs from a shell, listed and set side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import settings
from core.attribution.comparing import compare_runs
from core.attribution.credits import Dimension
from core.attribution.models import AttributionRun
from core.attribution.plain_files.writing import write_table
from core.attribution.runs import PRESETS, find_given_up, find_run, list_runs
from core.attribution.shapes.comparison import ComparisonShown, LineShown, PairShown, SideShown
from core.attribution.shapes.runs import show_run
from core.db import Database, connect, reading
from core.errors import NotFound
from core.ingest.commands import find_tenant

MOST_LISTED = 200
LISTED = ("id", "preset", "state", "made", "from", "to", "orders", "seconds", "models")
of_brand = click.option("--tenant", required=True, help="Brand: its id or its name.")


@click.group("runs")
def runs() -> None:
    """A brand's attribution runs."""


@runs.command("list")
@of_brand
@click.option("--limit", type=click.IntRange(1, MOST_LISTED), default=20, show_default=True)
def list_command(tenant: str, limit: int) -> None:
    """The newest runs as CSV, newest first."""
    with reading(_connected(tenant)) as session:
        newest = list_runs(session, limit=limit)
        gone = find_given_up(session, newest)
        shown = [show_run(run, is_given_up=run.id in gone).model_dump(mode="json") for run in newest]
    rows = [{**row, "preset": row["preset"] or "", "models": " ".join(row["models"])} for row in shown]
    write_table(rows, LISTED, out=None)


@runs.command("compare")
@click.argument("first")
@click.argument("second")
@of_brand
@click.option("--by", type=click.Choice(get_args(Dimension)), default="channel", show_default=True)
@click.option("--model", "models", multiple=True, help="Repeatable; all that both runs have when left out.")
@click.option("--json", "as_json", is_flag=True, help="JSON as the API gives it, instead of CSV.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV; JSON or Parquet by its name.")
def compare_command(
    first: str, second: str, tenant: str, by: Dimension, models: Sequence[str], as_json: bool, out: Path | None
) -> None:
    """Two finished runs side by side, those lines first that differ most (SECOND less FIRST).

    Each is a run's id, or a usual window (7, 30, 90, all) for its newest finished run."""
    with reading(_connected(tenant)) as session:
        pair = [_find_chosen(session, named) for named in (first, second)]
        shown = compare_runs(session, *pair, models=models, by=by)
    if as_json or (out is not None and out.suffix == ".json"):
        text = shown.model_dump_json(by_alias=True, indent=1)
        click.echo(text) if out is None else out.write_text(text + "\n", encoding="utf-8")
    else:
        rows = table_of(shown)
        write_table(rows, list(rows[0]), out=out)
    for differs in shown.differs:
        click.echo(f"differs: {differs.code}: {differs.run} / {differs.other}", err=True)
    for caution in shown.cautions:
        click.echo(f"{caution.zh} {caution.en}", err=True)


def table_of(shown: ComparisonShown) -> list[dict[str, object]]:
    """A row for each line, then what no line has, and the totals that all of these sum to."""
    others = {"unattributed": shown.unattributed, "calibration": shown.calibration, "total": shown.totals}
    rows = [_row("credit", line, line) for line in shown.rows]
    return rows + [_row(name, one, None) for name, pairs in others.items() for one in pairs]


def _row(line: str, pair: PairShown, of: LineShown | None) -> dict[str, object]:
    row: dict[str, object] = {"line": line, "model": pair.model}
    row |= {"key": of.key if of else "", "name": of.name if of else ""}
    for name in ("conversions", "value", "amount", "share"):
        row |= {name: getattr(pair.run, name), f"{name}_with": getattr(pair.other, name)}
        row[f"{name}_difference"] = getattr(pair, f"{name}_difference")
    return row | _ends(pair.run, "") | _ends(pair.other, "_with")


def _ends(side: SideShown, ending: str) -> dict[str, object]:
    interval = side.value_interval
    low, high = (None, None) if interval is None else (interval.low, interval.high)
    return {f"value_low{ending}": low, f"value_high{ending}": high}


def _find_chosen(session: Session, named: str) -> AttributionRun:
    if named not in PRESETS:
        return find_run(session, named)
    newest = sa.select(AttributionRun).where(AttributionRun.preset == named, AttributionRun.state == "done")
    run = session.scalar(newest.order_by(AttributionRun.id.desc()).limit(1))
    if run is None:
        raise NotFound(f"No run of the window {named} is finished yet; `siyu runs list` shows those there are.")
    return run


def _connected(tenant: str) -> int:
    connect(Database(settings.current().database))
    return find_tenant(tenant)
