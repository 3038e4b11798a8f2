"""One attribution of plain files, from paths or from events to rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from core.attribution.catalog import DEFAULT_MODELS, built_in_models, choose_models, register_models
from core.attribution.engines import Engine
from core.attribution.jackknife import standard_errors
from core.attribution.journeys import DAY_US, Flags, Floats, Touches
from core.attribution.matching import Window, match_touches
from core.attribution.model_kinds import AnyModel
from core.attribution.plain_files.events import Events, EventSource, read_events
from core.attribution.plain_files.grouping import in_groups
from core.attribution.plain_files.paths import read_paths
from core.attribution.plain_files.report import Row, report_rows
from core.attribution.plain_files.slices import attribute_part
from core.attribution.results import CellSums
from core.attribution.trimming import DirectTouches, Trimming
from core.errors import Invalid

DETAILED_TOUCHES = 5_000_000
"""Up to here intervals are made without being asked for."""
DIRECT_NAMES = ("direct", "(direct)", "(none)", "直接", "直接访问")


@dataclass(frozen=True, slots=True)
class PlainOptions:
    """What the command's flags say. order: of `markov`; direct: name of the direct channel, guessed when empty;
    intervals: whether they are made, where they cost little when None."""

    models: Sequence[str] = ()
    order: int = 1
    half_life_us: int = 7 * DAY_US
    direct: str = ""
    window: Window = field(default_factory=Window)
    by_day: bool = False
    zone: str = "UTC"
    collapse: bool = False
    direct_touches: DirectTouches = DirectTouches.KEEP
    kind_weights: Mapping[str, float] = field(default_factory=dict)
    engine: Engine = Engine.LOCAL
    intervals: bool | None = None


@dataclass(frozen=True, slots=True)
class PlainResult:
    """rows: the result; summary: one line about what was read."""

    rows: list[Row]
    summary: str


def attribute_paths(path: Path, *, columns: Mapping[str, str], options: PlainOptions) -> PlainResult:
    """Credits by channel; there are no times, so no days and no time decay."""
    if options.by_day:
        raise Invalid(f"{path.name}: paths have no times; --by day needs --touchpoints and --orders")
    if options.intervals:
        raise Invalid(f"{path.name}: paths do not say whose they are; intervals need --touchpoints and --orders")
    if "time_decay" in options.models:
        raise Invalid(f"{path.name}: paths have no times; time_decay needs --touchpoints and --orders")
    read = read_paths(path, columns=columns)
    defaults = [name for name in DEFAULT_MODELS if name != "time_decay"]
    credits = attribute_part(
        read.part,
        engine=options.engine,
        models=_chosen(options, read.channels, defaults),
        channels=len(read.channels),
        width=1,
    )
    conversions, value = read.unattributed
    alone = CellSums(np.zeros(1, np.int64), np.array([float(conversions)]), np.array([value]))
    rows = report_rows(credits, channels=read.channels, days=None, unattributed=alone)
    summary = (
        f"{len(read.part.paths):,} paths over {len(read.channels)} channels, "
        f"{credits.journeys:,} journeys, {credits.conversions + conversions:,} conversions"
    )
    return PlainResult(rows, summary)


def attribute_events(touchpoints: EventSource, orders: EventSource, *, options: PlainOptions) -> PlainResult:
    """Credits by channel, or by channel and local day of the touch."""
    read = read_events(touchpoints, orders, zone=options.zone, weights=options.kind_weights)
    trimming = _trimming(options, read.channels)
    touches = _admitted(read, trimming)
    matched = match_touches(touches, read.orders, window=options.window)
    part = matched.part
    if read.weight is not None:
        part = replace(part, journeys=replace(part.journeys, weight=_admitted_weight(read, trimming)[matched.touch]))
    part = trimming.trim(part)
    models = _chosen(options, read.channels, DEFAULT_MODELS)
    if _has_intervals(options, read):
        part = in_groups(part, touch_contact=touches.contact, order_contact=read.orders.contact, matched=matched)
    credits = attribute_part(part, engine=options.engine, models=models, channels=len(read.channels), width=read.days)
    alone = matched.unattributed
    day = read.order_day[alone] if options.by_day else np.zeros(int(alone.sum()), np.int64)
    lost = CellSums(day, np.ones(len(day)), read.orders.value[alone]).by(day)
    if options.by_day:
        rows = report_rows(credits, channels=read.channels, days=(read.first_day, read.days), unattributed=lost)
    else:
        whole = {name: cells.by(cells.cell // read.days) for name, cells in credits.cells.items()}
        errors = standard_errors(credits.tally, models=models, channels=len(read.channels))
        rows = report_rows(
            replace(credits, cells=whole), channels=read.channels, days=None, unattributed=lost, errors=errors
        )
    left_out = f"; {read.nameless:,} touchpoints without a contact left out" if read.nameless else ""
    summary = (
        f"{len(read.touches):,} touchpoints of {read.contacts:,} contacts, {len(read.orders):,} orders, "
        f"{int(alone.sum()):,} of them without a touchpoint{left_out}"
    )
    return PlainResult(rows, summary)


def _has_intervals(options: PlainOptions, read: Events) -> bool:
    """Of channels only; of one file of paths there are none, since it does not say whose paths they are."""
    if options.intervals is None:
        return not options.by_day and len(read.touches) <= DETAILED_TOUCHES
    if options.intervals and options.by_day:
        raise Invalid("intervals are of channels, not of days; leave out --by day or --intervals")
    return options.intervals


def _trimming(options: PlainOptions, channels: Sequence[str]) -> Trimming:
    direct = _direct_index(channels, options.direct)
    if direct < 0 and options.direct_touches is not DirectTouches.KEEP:
        raise Invalid("no channel is known as the direct one; name it with --direct")
    return Trimming(options.collapse, options.direct_touches, direct)


def _admitted(read: Events, trimming: Trimming) -> Touches:
    return read.touches.take(_is_admitted(read, trimming))


def _admitted_weight(read: Events, trimming: Trimming) -> Floats:
    assert read.weight is not None, "asked only where kinds are weighed"
    return read.weight[_is_admitted(read, trimming)]


def _is_admitted(read: Events, trimming: Trimming) -> Flags:
    drops = trimming.direct is DirectTouches.DROP
    inside: Flags = (read.touches.channel != trimming.direct_channel) | (not drops)
    return inside


def _chosen(options: PlainOptions, channels: Sequence[str], defaults: Sequence[str]) -> dict[str, AnyModel]:
    """The models by the names they were asked for; `markov` has the order that was said."""
    known = register_models(
        built_in_models(half_life_us=options.half_life_us, direct=_direct_index(channels, options.direct))
    )
    chosen = choose_models(known, names=dict.fromkeys(options.models or defaults))
    if "markov" in chosen and options.order > 1:
        chosen["markov"] = known[f"markov_{options.order}"]
    return chosen


def _direct_index(channels: Sequence[str], said: str) -> int:
    if said:
        if said not in channels:
            raise Invalid(f"there is no channel {said!r}; there are {', '.join(channels)[:300]}")
        return channels.index(said)
    return next((index for index, name in enumerate(channels) if name.lower() in DIRECT_NAMES), -1)
