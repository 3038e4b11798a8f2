"""Columns of integers as one compressed value, to be kept in a row and read back whole."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from core.attribution.journeys import Ints
from core.lake.arrow import as_table, columns_of

NARROW = (np.int8, np.int16, np.int32)


def pack_columns(columns: Mapping[str, Ints]) -> bytes:
    """An Arrow stream, compressed, each column as narrow as its values: what is small is read fast."""
    table = as_table({name: _narrow(column) for name, column in columns.items()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack_columns(packed: bytes) -> dict[str, Ints]:
    """What `pack_columns` was given, int64."""
    with pa.ipc.open_stream(packed) as stream:
        table = stream.read_all()
    return {name: column.astype(np.int64) for name, column in columns_of(table).items()}


def _narrow(column: Ints) -> "np.ndarray[tuple[int], np.dtype[np.signedinteger]]":
    if not len(column):
        return column
    least, most = int(column.min()), int(column.max())
    for kind in NARROW:
        if np.iinfo(kind).min <= least and most <= np.iinfo(kind).max:
            return column.astype(kind)
    return column
