"""Touchpoints and orders of two files (or one, read twice) as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.attribution.days import local_days
from core.attribution.journeys import Floats, Ints, Orders, Touches, event_order
from core.attribution.plain_files.cells import encode_text, read_amounts, read_instants
from core.attribution.plain_files.columns import find_columns
from core.attribution.plain_files.table import TextTable, read_header, read_table
from core.errors import Invalid
from core.lake.facts import KIND_CODES

WEIGHTLESS_KINDS = ("message_sent", "message_delivered")
"""Going out is not a meeting: these kinds weigh nothing."""


@dataclass(frozen=True, slots=True)
class EventSource:
    """Where to read and how. columns: field -> header, said by flags; where: column -> value, rows to keep."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """Sorted touches and orders. channels: names in alphabetical order; a touch's cell is
    channel * days + local day - first_day; order_day: int64[orders], likewise counted from first_day; weight:
    float64[touches], by their kinds, where these are weighed."""

    touches: Touches
    orders: Orders
    channels: list[str]
    first_day: int
    days: int
    order_day: Ints
    contacts: int
    nameless: int
    weight: Floats | None = None


def read_events(
    touchpoints: EventSource, orders: EventSource, *, zone: str, weights: Mapping[str, float] | None = None
) -> Events:
    """Both files; contacts are told apart by their text. Touches without a contact are left out and counted.

    Args:
        weights: by kind of touch; kinds of weight 0, and those that go out where nothing else is said, are left out.
    """
    touch_table, touch_columns = _open(touchpoints, ("contact", "time", "channel"), ("kind",))
    by_kind = {**dict.fromkeys(WEIGHTLESS_KINDS, 0.0), **(weights or {})}
    if "kind" in touch_columns:
        kind = pc.utf8_trim_whitespace(touch_table.columns[touch_columns["kind"]])
        _check_kinds(weights or {}, kind, name=touchpoints.path.name)
        gone = pa.array([name for name, weight in by_kind.items() if weight == 0], pa.string())
        touch_table = touch_table.keep(pc.invert(pc.is_in(kind, gone)))
    elif weights:
        raise Invalid(f"{touchpoints.path.name}: kinds are weighed, but there is no column of kinds")
    named = pc.not_equal(pc.utf8_trim_whitespace(touch_table.columns[touch_columns["contact"]]), "")
    nameless = len(touch_table) - (pc.sum(named).as_py() or 0)
    touch_table = touch_table.keep(named)
    order_table, order_columns = _open(orders, ("order.contact", "order.time", "value"), ())
    contact, order_contact, contacts = _shared_contacts(
        touch_table.columns[touch_columns["contact"]], order_table.columns[order_columns["order.contact"]]
    )
    ts = read_instants(touch_table, touch_columns["time"], zone=zone)
    order_ts = read_instants(order_table, order_columns["order.time"], zone=zone)
    channel, channels = encode_text(_channel_column(touch_table, touch_columns["channel"]))
    value = read_amounts(order_table, order_columns["value"])
    day, order_day = local_days(ts, zone=zone), local_days(order_ts, zone=zone)
    both = np.concatenate([day, order_day])
    first_day, days = (int(both.min()), int(both.max() - both.min()) + 1) if len(both) else (0, 1)
    touches = Touches(contact, ts, channel.astype(np.int32), channel * days + day - first_day)
    touch_place, place = event_order(contact, ts), event_order(order_contact, order_ts)
    weight = _weights_of(touch_table, touch_columns["kind"], by_kind)[touch_place] if weights else None
    return Events(
        touches=touches.take(touch_place),
        orders=Orders(order_contact, order_ts, value, np.ones(len(value), np.bool_)).take(place),
        channels=channels,
        first_day=first_day,
        days=days,
        order_day=order_day[place] - first_day,
        contacts=contacts,
        nameless=nameless,
        weight=weight,
    )


def _check_kinds(weights: Mapping[str, float], kind: pa.ChunkedArray, *, name: str) -> None:
    """A weight of a kind that is neither ours nor in the file is a slip of the pen, which would pass unseen."""
    for given in weights.keys() - KIND_CODES.keys():
        met = pc.unique(kind).to_pylist()
        if given not in met:
            raise Invalid(f"{name}: no touchpoint is of the kind {given!r}; there are {', '.join(sorted(met)[:20])}")


def _weights_of(table: TextTable, column: str, by_kind: Mapping[str, float]) -> Floats:
    kinds = pc.utf8_trim_whitespace(table.columns[column]).to_pylist()
    return np.array([by_kind.get(kind, 1.0) for kind in kinds])


def _open(source: EventSource, wanted: tuple[str, ...], optional: tuple[str, ...]) -> tuple[TextTable, dict[str, str]]:
    header = read_header(source.path)
    found = find_columns(header, wanted=wanted, optional=optional, said=source.columns, name=source.path.name)
    for column in source.where:
        if column not in header:
            raise Invalid(f"{source.path.name}: there is no column {column!r}; there are {', '.join(header)[:300]}")
    table = read_table(source.path, columns=[*dict.fromkeys([*found.values(), *source.where])])
    for column, value in source.where.items():
        table = table.keep(pc.equal(pc.utf8_trim_whitespace(table.columns[column]), value))
    return table, found


def _channel_column(table: TextTable, column: str) -> "pa.ChunkedArray":
    cells = table.columns[column]
    empty = pc.equal(pc.utf8_trim_whitespace(cells), "").to_numpy()
    if empty.any():
        raise table.problem(int(np.flatnonzero(empty)[0]), f"there is no channel ({column})")
    return cells


def _shared_contacts(touch: "pa.ChunkedArray", order: "pa.ChunkedArray") -> tuple[Ints, Ints, int]:
    """One code a contact over both files; an order without a contact gets a code of its own, so that it stays alone."""
    codes, names = encode_text(pa.chunked_array([*touch.chunks, *order.chunks], pa.string()))
    touch_code, order_code = codes[: len(touch)], codes[len(touch) :].copy()
    if names and names[0] == "":
        alone = np.flatnonzero(order_code == 0)
        order_code[alone] = len(names) + np.arange(len(alone))
    return touch_code, order_code, len(np.unique(touch_code))
