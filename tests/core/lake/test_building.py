"""A lake built from arrays that come in pieces, and what a fresh process loads for it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.lake import building as building_module
from core.lake.building import building
from core.lake.facts import TOUCH_TYPES, TouchFacts, bucket_of, in_order, join, take
from core.lake.parts import read_facts

PIECE = """
import sys
import numpy as np
from core.attribution.packing import CreditColumns
from core.insights.packing import pack_columns, unpack_columns
from core.lake.arrow import as_table, columns_of
number = np.arange(5)
columns_of(as_table({"number": number}))
unpack_columns(pack_columns({"number": number}))
CreditColumns.from_bytes(CreditColumns(number, number, number, number * 0.5, number * 0.5, number).to_bytes())
print("pandas" in sys.modules)
"""


def made_piece(count: int, seed: int, *, placement: int | None) -> TouchFacts:
    random = np.random.default_rng(seed)
    return TouchFacts(
        random.integers(1, 400, count).astype(np.int32),
        random.integers(0, 1 << 45, count),
        random.integers(1, 11, count).astype(np.int16),
        (random.integers(0, 9, count) if placement is None else np.full(count, placement)).astype(np.int32),
        np.ones(count, np.int8),
        random.integers(0, 1 << 62, count),
    )


def test_pieces_become_sorted_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building_module, "CHUNK_ROWS", 700)
    monkeypatch.setattr(building_module, "wanted_bits", lambda rows: 3)
    pieces = [made_piece(500, seed, placement=None if seed == 4 else seed // 3) for seed in range(7)]
    with building(1) as made:
        for piece in pieces:
            made.touches.add(piece)
        built = made.write()
    whole = join(pieces)
    assert [file.kind for file in built.files] == ["touches"] * 8
    for file in built.files:
        wanted = in_order(take(whole, bucket_of(whole.contact, bits=3) == file.bucket))
        found = read_facts(1, file.name, TouchFacts)
        for name in TOUCH_TYPES:
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


def test_arrays_travel_without_pandas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PIECE], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout == "False\n"
