"""`siyu attribute`: the models on plain files, with no server, database or settings."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from core.attribution.engines import Engine
from core.attribution.heuristics import SHORTEST_HALF_LIFE
from core.attribution.journeys import DAY_US
from core.attribution.matching import Cut, Window
from core.attribution.plain_files.columns import GUESSES
from core.attribution.plain_files.comparing import compare_results
from core.attribution.plain_files.events import EventSource
from core.attribution.plain_files.report import write_rows
from core.attribution.plain_files.run import PlainOptions, PlainResult, attribute_events, attribute_paths
from core.attribution.plain_files.writing import write_table
from core.attribution.trimming import MOST_WEIGHT, DirectTouches
from core.errors import Invalid, SiyuError

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
result_file = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV; JSON or Parquet by its name."
)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Refusals as the command line says them."""
    try:
        yield
    except SiyuError as error:
        raise click.ClickException(error.message) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group("attribute", invoke_without_command=True)
@click.option("--paths", type=EXISTING, help="File of paths: path;total_conversions;total_conversion_value;total_null.")
@click.option("--touchpoints", type=EXISTING, help="File of touchpoints: contact, time, channel.")
@click.option("--orders", type=EXISTING, help="File of orders: contact, time, value. May be the same file.")
@click.option("--model", "models", multiple=True, help="Repeatable; all heuristics and markov when left out.")
@click.option("--order", type=click.IntRange(1, 4), default=1, show_default=True, help="Order of markov.")
@click.option("--lookback-days", type=click.FloatRange(0, 36_500), default=90.0, show_default=True)
@click.option("--half-life-days", type=click.FloatRange(SHORTEST_HALF_LIFE, 36_500), default=7.0, show_default=True)
@click.option(
    "--cut", type=click.Choice([cut.value for cut in Cut]), default=Cut.PREVIOUS_ORDER.value, show_default=True
)
@click.option("--by", type=click.Choice(["channel", "day"]), default="channel", show_default=True)
@click.option("--direct", default="", help="Name of the direct channel, for last_non_direct.")
@click.option("--collapse", is_flag=True, help="Touches of one channel in a row count as one, the last of them.")
@click.option(
    "--direct-touches",
    type=click.Choice([one.value for one in DirectTouches]),
    default=DirectTouches.KEEP.value,
    show_default=True,
    help="drop: they never count; last_resort: only where a journey has no others.",
)
@click.option("--kind-weight", "kind_weights", multiple=True, metavar="KIND=WEIGHT", help="0 leaves a kind out.")
@click.option("--timezone", default="UTC", show_default=True, help="Of instants without an offset, and of days.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help=f"FIELD is {', '.join(GUESSES)}.")
@click.option("--touchpoints-where", multiple=True, metavar="HEADER=VALUE", help="Rows that are touchpoints.")
@click.option("--orders-where", multiple=True, metavar="HEADER=VALUE", help="Rows that are orders.")
@click.option(
    "--engine",
    type=click.Choice([engine.value for engine in Engine]),
    default=Engine.LOCAL.value,
    show_default=True,
    help="Spark on this machine needs siyu[spark] and Java; the result is the same.",
)
@click.option("--intervals/--no-intervals", default=None, help="By channel; made up to 5 million touchpoints.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
@result_file
@click.pass_context
def attribute(
    context: click.Context,
    paths: Path | None,
    touchpoints: Path | None,
    orders: Path | None,
    models: Sequence[str],
    order: int,
    lookback_days: float,
    half_life_days: float,
    cut: str,
    by: str,
    direct: str,
    collapse: bool,
    direct_touches: str,
    kind_weights: Sequence[str],
    timezone: str,
    columns: Sequence[str],
    touchpoints_where: Sequence[str],
    orders_where: Sequence[str],
    engine: str,
    intervals: bool | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Credit channels for orders, from a file of paths or from touchpoints and orders."""
    if context.invoked_subcommand:
        return
    with told_plainly():
        said = _pairs("--column", columns)
        _check_fields(said)
        options = PlainOptions(
            models=models,
            order=order,
            half_life_us=max(1, round(half_life_days * DAY_US)),
            direct=direct,
            window=Window(round(lookback_days * DAY_US), Cut(cut)),
            by_day=by == "day",
            zone=_checked_zone(timezone),
            collapse=collapse,
            direct_touches=DirectTouches(direct_touches),
            kind_weights=_weights("--kind-weight", kind_weights),
            engine=Engine(engine),
            intervals=intervals,
        )
        touch_where, order_where = (
            _pairs("--touchpoints-where", touchpoints_where),
            _pairs("--orders-where", orders_where),
        )
        result = _run(paths, touchpoints, orders, said, touch_where, order_where, options)
        write_rows(result.rows, out=out, as_json=as_json, summary=result.summary)
    click.echo(result.summary, err=True)


def _run(
    paths: Path | None,
    touchpoints: Path | None,
    orders: Path | None,
    said: dict[str, str],
    touch_where: dict[str, str],
    order_where: dict[str, str],
    options: PlainOptions,
) -> PlainResult:
    if paths and not (touchpoints or orders):
        return attribute_paths(paths, columns=said, options=options)
    if touchpoints and orders and not paths:
        return attribute_events(
            EventSource(touchpoints, said, touch_where), EventSource(orders, said, order_where), options=options
        )
    raise Invalid("give either --paths, or --touchpoints together with --orders")


def _pairs(flag: str, said: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in said:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise Invalid(f"{flag} {text!r}: write it as NAME=VALUE")
        pairs[name] = value
    return pairs


def _weights(flag: str, said: Sequence[str]) -> dict[str, float]:
    weights = {}
    for kind, text in _pairs(flag, said).items():
        try:
            weights[kind] = float(text)
        except ValueError:
            weights[kind] = -1.0
        if not 0 <= weights[kind] <= MOST_WEIGHT:
            raise Invalid(f"{flag} {kind}={text}: give 0 (left out) to {MOST_WEIGHT}")
    return weights


def _check_fields(said: dict[str, str]) -> None:
    for field in said:
        if field not in GUESSES:
            raise Invalid(f"--column {field}=...: there is no such field; there are {', '.join(GUESSES)}")


def _checked_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"--timezone {name!r}: there is no such time zone; Asia/Shanghai is one") from error
    return name


@attribute.command("compare")
@click.argument("first", type=EXISTING)
@click.argument("second", type=EXISTING)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")
@result_file
def compare(first: Path, second: Path, as_json: bool, out: Path | None) -> None:
    """Two results of this command side by side, those lines first that differ most (SECOND less FIRST)."""
    with told_plainly():
        rows = compare_results(first, second)
        summary = f"{len(rows):,} lines of {len({row['model'] for row in rows})} models that both results have"
        write_table(rows, list(rows[0]) if rows else [], out=out, as_json=as_json, summary=summary)
    click.echo(summary, err=True)
