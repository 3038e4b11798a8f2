"""Arrays as Arrow columns and back, without a copy and without pandas.

Arrow's own conversions (`pa.array`, `pa.table` of arrays, `to_numpy`) import pandas where it is installed: a second of
CPU and 50 MB in every fresh process, for nothing that is used here.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Column = NDArray[np.integer] | NDArray[np.floating]


def as_arrow(column: Column) -> pa.Array:
    """Numbers, none of them null."""
    whole = np.ascontiguousarray(column)
    return pa.Array.from_buffers(pa.from_numpy_dtype(whole.dtype), len(whole), [None, pa.py_buffer(whole)])


def as_table(columns: Mapping[str, Any]) -> pa.Table:
    """Arrays of numbers by name. The schema says that nothing is null: Parquet then writes and reads no levels."""
    made = {name: as_arrow(column) for name, column in columns.items()}
    schema = pa.schema([pa.field(name, column.type, nullable=False) for name, column in made.items()])
    return pa.Table.from_arrays(list(made.values()), schema=schema)


def as_numpy(column: pa.ChunkedArray) -> NDArray[Any]:
    """Numbers, none of them null; not to be written to."""
    if column.num_chunks == 1:
        return np.from_dlpack(column.chunk(0))
    if not column.num_chunks:
        return np.empty(0, column.type.to_pandas_dtype())
    return np.concatenate([np.from_dlpack(chunk) for chunk in column.chunks])


def columns_of(table: pa.Table) -> dict[str, NDArray[Any]]:
    """All columns of a table of numbers by name."""
    return {name: as_numpy(table[name]) for name in table.column_names}
