"""Credits by channel, placement and day as columns, and those columns as bytes."""

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from core.attribution.journeys import Floats, Ints, SmallInts
from core.attribution.results import CellSums
from core.lake.arrow import as_numpy, as_table

ORDER_KINDS = 2
UNKNOWN = -1
QUICK = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
"""The figures are nearly random bytes, which nothing makes smaller: trying harder takes twice as long for 2 %."""


@dataclass(frozen=True, slots=True)
class CellCode:
    """One integer for channel, placement and local day; dense, so that small tenants are counted without a sort.

    placements: highest number + 1, 0 standing for none; first_day: days since 1970 of the first day; days: how many;
    by_order: whether results are split by first and repeat orders (`pack` knows of no order, the split comes after).
    """

    placements: int
    first_day: int
    days: int
    by_order: bool = False

    @property
    def width(self) -> int:
        """Cells of a channel."""
        return self.placements * self.days * (ORDER_KINDS if self.by_order else 1)

    def pack(self, channel: Ints, placement: SmallInts, day: Ints) -> Ints:
        """int64[n]."""
        return (channel * self.placements + placement) * self.days + (day - self.first_day)

    def places(self, cell: Ints) -> Ints:
        """int64[n]: channel * placements + placement, whatever the day and the order."""
        return cell // (self.days * (ORDER_KINDS if self.by_order else 1))

    def unpack(self, cells: CellSums) -> "CreditColumns":
        """The cells with their parts apart."""
        cell, repeat = np.divmod(cells.cell, ORDER_KINDS) if self.by_order else (cells.cell, UNKNOWN)
        rest, day = np.divmod(cell, self.days)
        channel, placement = np.divmod(rest, self.placements)
        repeat = np.broadcast_to(repeat, len(cell)).astype(np.int64)
        return CreditColumns(channel, placement, day + self.first_day, cells.conversions, cells.value, repeat)


@dataclass(frozen=True, slots=True)
class CreditColumns:
    """channel, placement: int64 numbers; day: int64 days since 1970; conversions, value (major units): float64; repeat:
    int64, 0 of first orders, 1 of repeat ones, UNKNOWN where they were not told apart."""

    channel: Ints
    placement: Ints
    day: Ints
    conversions: Floats
    value: Floats
    repeat: Ints

    def to_bytes(self) -> bytes:
        """An Arrow stream, compressed."""
        table = as_table({field.name: getattr(self, field.name) for field in fields(self)})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=QUICK) as stream:
            stream.write_table(table)
        packed: bytes = sink.getvalue().to_pybytes()
        return packed

    @classmethod
    def from_bytes(cls, packed: bytes) -> "CreditColumns":
        """What `to_bytes` made."""
        with pa.ipc.open_stream(packed) as stream:
            table = stream.read_all()
        kept = {name: as_numpy(table[name]) for name in table.column_names}
        # Runs of an earlier version did not tell orders apart.
        kept.setdefault("repeat", np.full(len(table), UNKNOWN, np.int64))
        return cls(**kept)
