"""Columns of integers as one compressed value, to be kept in a row and read back whole."""

from collections.abc import Mapping

import pyarrow as pa

from core.attribution.journeys import Ints


def pack_columns(columns: Mapping[str, Ints]) -> bytes:
    """An Arrow stream, compressed."""
    table = pa.table(dict(columns))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack_columns(packed: bytes) -> dict[str, Ints]:
    """What `pack_columns` was given."""
    with pa.ipc.open_stream(packed) as stream:
        table = stream.read_all()
    return {name: table[name].to_numpy() for name in table.column_names}
