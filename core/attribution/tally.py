"""What a bucket hands over: sums that add up over buckets, can be taken out again, and travel as bytes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.attribution.sums import Sums, add_few, in_batches

MODELS = b"touch_models"


@dataclass(frozen=True, slots=True)
class Tally:
    """sums by name. Of the engine: `paths` (key 0; counts: journeys, conversions; amount: value of orders with a
    touch) and `cells` (by cell; count: touches that led to an order; amounts: conversions and value of each touch
    model, in the order of `touch_models`). The others are those of the channel models' counters, and what the part's
    source adds of its own. A tally without any is a zero."""

    touch_models: tuple[str, ...] = ()
    sums: Mapping[str, Sums] = field(default_factory=dict)

    @property
    def journeys(self) -> int:
        """How many there were, null ones included."""
        return int(self.sums["paths"].counts[0].sum()) if self.sums else 0

    @property
    def conversions(self) -> int:
        """Orders with a touch."""
        return int(self.sums["paths"].counts[1].sum()) if self.sums else 0

    @property
    def value(self) -> float:
        """Value of orders with a touch."""
        return float(self.sums["paths"].amounts[0].sum()) if self.sums else 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return _combined(self, other, Sums.__add__)

    def __sub__(self, other: "Tally") -> "Tally":
        return _combined(self, other, Sums.__sub__)

    def to_bytes(self) -> bytes:
        """An Arrow stream, one row for each of the sums; compressed quickly, as others wait for it."""
        columns = {
            "name": pa.array(list(self.sums), pa.string()),
            "counts": pa.array([len(one.counts) for one in self.sums.values()], pa.int16()),
            "amounts": pa.array([len(one.amounts) for one in self.sums.values()], pa.int16()),
            "key": _listed([one.key for one in self.sums.values()], pa.int64()),
            "count": _listed([one.counts.ravel() for one in self.sums.values()], pa.int64()),
            "amount": _listed([one.amounts.ravel() for one in self.sums.values()], pa.float64()),
        }
        table = pa.table(columns).replace_schema_metadata({MODELS: "\n".join(self.touch_models)})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
            stream.write_table(table)
        packed: bytes = sink.getvalue().to_pybytes()
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Tally":
        """What `to_bytes` made."""
        with pa.ipc.open_stream(packed) as stream:
            table = stream.read_all().combine_chunks()
        names = table.schema.metadata[MODELS].decode()
        sums = {}
        for row in range(len(table)):
            one = {name: table[name][row] for name in table.column_names}
            key, count, amount = (one[name].values.to_numpy() for name in ("key", "count", "amount"))
            sums[one["name"].as_py()] = Sums(
                key,
                count.reshape(one["counts"].as_py(), len(key)),
                amount.reshape(one["amounts"].as_py(), len(key)),
            )
        return cls(tuple(names.split("\n")) if names else (), sums)


def add_tallies(parts: Iterable[Tally]) -> Tally:
    """All of them as one, added in the order given; a zero when there are none."""
    total = Tally()
    for few in in_batches(parts):
        total = _added([total, *few])
    return total


def _added(parts: Sequence[Tally]) -> Tally:
    filled = [one for one in parts if one.sums]
    rules = {one.touch_models for one in filled}
    if len(rules) > 1:
        raise ValueError(f"these tallies are of other models: {' and '.join(map(str, sorted(rules)))}")
    names = dict.fromkeys(name for one in filled for name in one.sums)
    sums = {name: add_few([one.sums[name] for one in filled if name in one.sums]) for name in names}
    return Tally(next((one.touch_models for one in parts if one.touch_models), ()), sums)


def _combined(left: Tally, right: Tally, combine: Callable[[Sums, Sums], Sums]) -> Tally:
    if left.sums and right.sums and left.touch_models != right.touch_models:
        raise ValueError(f"these tallies are of other models: {left.touch_models} and {right.touch_models}")
    sums = {name: combine(*_both(name, left, right)) for name in {**left.sums, **right.sums}}
    return Tally(left.touch_models or right.touch_models, sums)


def _both(name: str, left: Tally, right: Tally) -> tuple[Sums, Sums]:
    one, other = left.sums.get(name), right.sums.get(name)
    if one is None:
        assert other is not None, "the name is one of theirs"
        return other.nothing(), other
    return one, one.nothing() if other is None else other


def _listed(rows: Sequence[NDArray[np.generic]], kind: pa.DataType) -> pa.Array:
    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = np.concatenate(rows) if rows else np.empty(0, kind.to_pandas_dtype())
    return pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), pa.array(values, kind))
