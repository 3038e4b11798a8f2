"""Files of the lake: written aside, flushed to disk, then renamed, so that a name is a whole file."""

import os
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core import settings
from core.db import new_id
from core.lake.facts import ORDER_TYPES, TOUCH_TYPES, Facts, OrderFacts, TouchFacts

SORTED_COLUMNS = ("contact", "ts", "seq")
"""Near their neighbours in value, so stored as differences; the others as a dictionary."""


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file that is written but in no manifest yet."""

    name: str
    bucket: int
    kind: str
    rows: int


def lake_folder(tenant_id: int) -> Path:
    """Where a tenant's files are."""
    return settings.current().home / "lake" / f"tenant={tenant_id}"


def write_facts(tenant_id: int, bucket: int, facts: TouchFacts | OrderFacts) -> PartFile:
    """Touches or orders as one durable file."""
    kind = "touches" if isinstance(facts, TouchFacts) else "orders"
    columns = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return _write(tenant_id, bucket, kind, columns)


def write_drops(tenant_id: int, bucket: int, contacts: NDArray[np.int32]) -> PartFile:
    """Contacts whose rows in older files of the bucket no longer count."""
    return _write(tenant_id, bucket, "drops", {"contact": contacts})


def read_facts(tenant_id: int, name: str, facts: type[Facts], *, columns: Collection[str] | None = None) -> Facts:
    """The rows of a file. columns: the others are empty arrays; all when None."""
    names = [field.name for field in fields(facts)]
    wanted = names if columns is None else [name for name in names if name in columns]
    table = pq.read_table(lake_folder(tenant_id) / name, columns=wanted, partitioning=None)
    return facts(*(table[name].to_numpy() if name in wanted else _no_rows(name) for name in names))


def read_drops(tenant_id: int, name: str) -> NDArray[np.int32]:
    """int32[n]: the contacts."""
    contacts: NDArray[np.int32] = pq.read_table(lake_folder(tenant_id) / name)["contact"].to_numpy()
    return contacts


def _no_rows(name: str) -> NDArray[Any]:
    return np.empty(0, {**TOUCH_TYPES, **ORDER_TYPES}[name])


def _write(tenant_id: int, bucket: int, kind: str, columns: dict[str, NDArray[np.integer]]) -> PartFile:
    name = f"bucket={bucket:03d}/part-{new_id().hex}-{kind}.parquet"
    path = lake_folder(tenant_id) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    near = [column for column in columns if column in SORTED_COLUMNS]
    with aside.open("wb") as file:
        pq.write_table(
            pa.table(columns),
            file,
            compression="zstd",
            compression_level=1,
            use_dictionary=[column for column in columns if column not in near],
            column_encoding=dict.fromkeys(near, "DELTA_BINARY_PACKED"),
        )
        file.flush()
        os.fsync(file.fileno())
    aside.rename(path)
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)
    return PartFile(name, bucket, kind, len(columns["contact"]))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
