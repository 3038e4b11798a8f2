"""Text columns as instants, amounts, counts and codes; the first cell that does not fit is named."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.attribution.journeys import Figure, Floats, Ints
from core.attribution.plain_files.table import TextTable

LARGEST_AMOUNT = 1e15
SLASHED = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


def read_instants(table: TextTable, column: str, *, zone: str) -> Ints:
    """int64[n] microseconds UTC. Reads ISO 8601 with or without an offset, 2018/7/2 9:05 as spreadsheets write it, and
    seconds, milliseconds or microseconds since 1970; without an offset the time is of `zone`."""
    text = pc.utf8_trim_whitespace(table.columns[column])
    return _each_or_first_bad(table, text, lambda part: _parse_instants(part, zone), "is not an instant")


def read_amounts(table: TextTable, column: str) -> Floats:
    """float64[n], finite, not negative, below 1e15."""
    text = pc.utf8_trim_whitespace(table.columns[column])
    amount = _each_or_first_bad(table, text, _parse_amounts, "is not an amount")
    for wrong, why in (
        (~np.isfinite(amount), "is not an amount"),
        (amount < 0, "is negative"),
        (amount > LARGEST_AMOUNT, "is too large"),
    ):
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise table.problem(row, f"{_shown(text[row].as_py())} {why} ({column})")
    return amount


def read_counts(table: TextTable, column: str) -> Ints:
    """int64[n], whole and not negative."""
    amount = read_amounts(table, column)
    broken = amount != np.rint(amount)
    if broken.any():
        row = int(np.flatnonzero(broken)[0])
        raise table.problem(row, f"{amount[row]} is not a whole number ({column})")
    return amount.astype(np.int64)


def encode_text(text: "pa.ChunkedArray") -> tuple[Ints, list[str]]:
    """int64[n] codes and the names they stand for, in alphabetical order; spaces around a name do not count."""
    trimmed = pc.dictionary_encode(pc.utf8_trim_whitespace(text)).combine_chunks()
    if isinstance(trimmed, pa.ChunkedArray):
        trimmed = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
    names: list[str] = trimmed.dictionary.to_pylist()
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    codes = trimmed.indices.to_numpy(zero_copy_only=False)
    coded: Ints = rank[codes] if names else np.empty(0, np.int64)
    return coded, [names[place] for place in order]


def _each_or_first_bad(
    table: TextTable, text: "pa.ChunkedArray", parse: "Callable[[pa.ChunkedArray], NDArray[Figure]]", why: str
) -> NDArray[Figure]:
    """The whole column at once; only when that fails is the first bad cell looked for, by halves."""
    try:
        return parse(text)
    except (pa.ArrowInvalid, ValueError, OverflowError):
        low, high = 0, len(text)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            parse(text.slice(low, middle - low))
        except (pa.ArrowInvalid, ValueError, OverflowError):
            high = middle
        else:
            low = middle
    raise table.problem(low, f"{_shown(text[low].as_py())} {why}")


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= 60 else cell[:60] + "...")


def _parse_amounts(text: "pa.ChunkedArray") -> Floats:
    amount: Floats = pc.cast(text, pa.float64()).to_numpy()
    return amount


def _parse_instants(text: "pa.ChunkedArray", zone: str) -> Ints:
    if len(text) and pc.all(pc.utf8_is_decimal(text)).as_py():
        return _parse_epochs(text)
    if pc.any(pc.match_substring(text, "/")).as_py():
        parsed = [pc.strptime(text, format=form, unit="us", error_is_null=True) for form in SLASHED]
        local = pc.coalesce(*parsed)
        if local.null_count:
            raise ValueError("not an instant")
        return _as_us(pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="earliest"))
    short = pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1")
    offset = pc.match_substring_regex(short, r"[T ].*(Z|[+-]\d\d:?\d\d)$")
    with_offset = pc.cast(pc.if_else(offset, short, None), pa.timestamp("us", "UTC"))
    local = pc.cast(pc.if_else(offset, None, short), pa.timestamp("us"))
    local = pc.assume_timezone(local, zone, ambiguous="earliest", nonexistent="earliest")
    return _as_us(pc.coalesce(with_offset, pc.cast(local, pa.timestamp("us", "UTC"))))


def _parse_epochs(text: "pa.ChunkedArray") -> Ints:
    number: Ints = pc.cast(text, pa.int64()).to_numpy()
    if not ((number >= 0) & (number < 4_102_444_800_000_000)).all():
        raise ValueError("beyond the year 2100")
    scale: Ints = np.select([number < 10**11, number < 10**14], [1_000_000, 1_000], 1)
    return number * scale


def _as_us(instants: "pa.ChunkedArray") -> Ints:
    us: Ints = pc.cast(instants, pa.int64()).to_numpy()
    return us
