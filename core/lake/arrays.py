"""Named arrays in one file that is mapped into memory, not read: for caches, which may vanish at any moment."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.db import new_id
from core.lake.faults import passing

Arrays = Mapping[str, NDArray[Any]]
NOTE = b"note"


def write_arrays(path: Path, arrays: Arrays, *, note: str = "") -> None:
    """All of them or nothing: the file has its name when it is whole and durable.

    Args:
        note: any text to keep with them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: _listed(array) for name, array in arrays.items()}
    table = pa.table(columns).replace_schema_metadata({NOTE: note})
    waiting = path.with_name(f"{path.name}.{new_id().hex}.part")
    try:
        with pa.OSFile(str(waiting), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
            file.write_table(table)
        _sync(waiting)
        passing("cache.durable")
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def map_arrays(path: Path) -> tuple[dict[str, NDArray[Any]], str]:
    """What `write_arrays` put there, and the note; the arrays cannot be written to.

    Raises:
        OSError, ValueError: there is no such file, or it is not one of ours (Arrow's errors are of these kinds).
    """
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
        found = {name: table[name].chunk(0).values.to_numpy() for name in table.column_names}
        return found, (table.schema.metadata or {}).get(NOTE, b"").decode()


def _listed(array: NDArray[Any]) -> pa.Array:
    return pa.LargeListArray.from_arrays(pa.array([0, len(array)], pa.int64()), pa.array(np.ascontiguousarray(array)))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
