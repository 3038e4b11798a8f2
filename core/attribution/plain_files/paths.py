"""A file of aggregated paths: `a > b > c` with how often it converted, for how much, and how often it did not."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from core.attribution.journeys import Paths
from core.attribution.parts import Part, part_of
from core.attribution.plain_files.cells import encode_text, read_amounts, read_counts
from core.attribution.plain_files.columns import find_columns
from core.attribution.plain_files.table import read_header, read_table

STEP = ">"


@dataclass(frozen=True, slots=True)
class PathFile:
    """part: one path a row, its cells its channels; unattributed: conversions and value of empty paths."""

    part: Part
    channels: list[str]
    unattributed: tuple[int, float]


def read_paths(path: Path, *, columns: Mapping[str, str]) -> PathFile:
    """The file's paths; value and null columns may be missing and count as 0."""
    header = read_header(path)
    found = find_columns(
        header, wanted=("path", "conversions"), optional=("conversion_value", "nulls"), said=columns, name=path.name
    )
    table = read_table(path, columns=[*found.values()])
    none = np.zeros(len(table), np.int64)
    conversions = read_counts(table, found["conversions"])
    nulls = read_counts(table, found["nulls"]) if "nulls" in found else none
    value = read_amounts(table, found["conversion_value"]) if "conversion_value" in found else none.astype(np.float64)
    text = pc.utf8_trim_whitespace(table.columns[found["path"]])
    empty = pc.equal(text, "").to_numpy()
    steps = pc.split_pattern(text.filter(pc.invert(pc.equal(text, ""))), STEP)
    codes, names = encode_text(pc.list_flatten(steps))
    lengths = pc.list_value_length(steps).to_numpy()
    if names and names[0] == "":
        row = int(np.searchsorted(np.cumsum(lengths), np.flatnonzero(codes == 0)[0], "right"))
        raise table.problem(int(np.flatnonzero(~empty)[row]), "the path has an empty step")
    full = ~empty
    paths = Paths(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        channel=codes.astype(np.int32),
        conversions=conversions[full],
        nulls=nulls[full],
        value=value[full],
    )
    return PathFile(part_of(paths, cell=codes), names, (int(conversions[empty].sum()), float(value[empty].sum())))
