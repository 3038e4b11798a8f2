"""Files of the lake. A name is used once; a file counts only when a manifest names it, and is durable before that."""

import os
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core import settings
from core.db import new_id
from core.lake.arrow import as_numpy, as_table, columns_of
from core.lake.elsewhere import Elsewhere
from core.lake.facts import ORDER_TYPES, TOUCH_TYPES, Facts, OrderFacts, TouchFacts, bucket_of, in_order, split_by, take
from core.lake.faults import passing

SORTED_COLUMNS = ("contact", "ts", "seq")
"""Near their neighbours in value, so stored as differences; the others as a dictionary. Compressing either on top makes
a file a hundredth smaller, and reading it dearer by a tenth."""
PAGE_BYTES, PAGE_ROWS = 4 << 20, 200_000
"""Files are read whole: fewer pages, fewer starts."""
SHARED = -1
"""The bucket of a file with rows of all buckets: a small delta would be a small file, made durable, in each of them."""
SHARED_ROWS = 4_000
"""Fewer rows than this for each bucket, and a delta is one shared file."""
KEPT_FILES = 32
SYNCS = 8


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
    """Touches or orders as one file; `make_durable` comes before its publication."""
    kind = "touches" if isinstance(facts, TouchFacts) else "orders"
    columns = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return _write(tenant_id, bucket, kind, columns)


def write_delta(tenant_id: int, facts: Facts, bits: int) -> Iterator[PartFile]:
    """Touches or orders as one shared file if they are few, else as one file a bucket; each in order."""
    if bits and 0 < len(facts.contact) < SHARED_ROWS << bits:
        yield write_facts(tenant_id, SHARED, in_order(facts))
    else:
        yield from write_split(tenant_id, facts, bits)


def write_split(tenant_id: int, facts: Facts, bits: int) -> Iterator[PartFile]:
    """Touches or orders as one file a bucket, each in order."""
    order, starts = split_by(bucket_of(facts.contact, bits=bits), 1 << bits)
    for bucket in np.flatnonzero(np.diff(starts)).tolist():
        yield write_facts(tenant_id, bucket, in_order(take(facts, order[starts[bucket] : starts[bucket + 1]])))


def write_drops(tenant_id: int, bucket: int, contacts: NDArray[np.int32]) -> PartFile:
    """Contacts whose rows in older files of the bucket no longer count."""
    return _write(tenant_id, bucket, "drops", {"contact": contacts})


def locate(tenant_id: int, name: str, root: str | None) -> Path | Elsewhere:
    """Where a file is read from: under a URL of all lakes, or in this home when that is None."""
    if root is None:
        return lake_folder(tenant_id) / name
    far = Elsewhere(root, f"tenant={tenant_id}/{name}")
    return far.local or far


def read_facts(
    tenant_id: int, name: str, facts: type[Facts], *, columns: Collection[str] | None = None, root: str | None = None
) -> Facts:
    """The rows of a file. columns: the others are empty arrays; all when None."""
    return _read(locate(tenant_id, name, root), facts, columns)


def read_slice(
    tenant_id: int,
    name: str,
    facts: type[Facts],
    *,
    bucket: int,
    bits: int,
    columns: Collection[str] | None = None,
    root: str | None = None,
) -> Facts:
    """A bucket's rows of a shared file."""
    wanted = None if columns is None else frozenset(columns)
    path = locate(tenant_id, name, root)
    rows, starts = _split_file(path, facts, bits, wanted)  # type: ignore[arg-type]  # mypy asks the class for its rows' hash
    assert isinstance(rows, facts)
    return take(rows, slice(starts[bucket], starts[bucket + 1]))


def read_drops(tenant_id: int, name: str, *, root: str | None = None) -> NDArray[np.int32]:
    """int32[n]: the contacts."""
    return _read_contacts(locate(tenant_id, name, root))


# Every bucket asks for the same shared files one after the other. A name is never given to another file, so what was
# read stays true; the files are small (SHARED_ROWS).
@lru_cache(maxsize=KEPT_FILES)
def _split_file(
    path: Path | Elsewhere, facts: type[Facts], bits: int, columns: frozenset[str] | None
) -> tuple[TouchFacts | OrderFacts, NDArray[np.int64]]:
    rows = _read(path, facts, columns)
    order, starts = split_by(bucket_of(rows.contact, bits=bits), 1 << bits)
    return take(rows, order), starts


@lru_cache(maxsize=KEPT_FILES)
def _read_contacts(path: Path | Elsewhere) -> NDArray[np.int32]:
    contacts: NDArray[np.int32] = as_numpy(_open(path).read(columns=["contact"], use_threads=False)["contact"])
    return contacts


def _open(path: Path | Elsewhere) -> pq.ParquetFile:
    return path.open() if isinstance(path, Elsewhere) else pq.ParquetFile(path, memory_map=True, pre_buffer=False)


def _read(path: Path | Elsewhere, facts: type[Facts], columns: Collection[str] | None) -> Facts:
    names = [field.name for field in fields(facts)]
    wanted = names if columns is None else [name for name in names if name in columns]
    file = _open(path)
    alike = _alike(file.metadata, wanted)
    # Whoever reads many files has threads of its own; Arrow's would only get in their way.
    table = file.read(columns=[name for name in wanted if name not in alike], use_threads=False)
    found = columns_of(table) | alike
    return facts(*(found[name] if name in found else _no_rows(name) for name in names))


def _alike(metadata: pq.FileMetaData, wanted: Collection[str]) -> dict[str, NDArray[Any]]:
    """Columns of one value, as the file's statistics say (one kind, no placement): nothing is decoded for them."""
    found: dict[str, NDArray[Any]] = {}
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    for place, name in enumerate(metadata.schema.names):
        if name in wanted and name not in SORTED_COLUMNS:
            seen = [group.column(place).statistics for group in groups]
            values = {value for one in seen if one is not None for value in (one.min, one.max)}
            if len(values) == 1 and all(one is not None and one.has_min_max for one in seen):
                one_value = np.array(values.pop(), {**TOUCH_TYPES, **ORDER_TYPES}[name])
                found[name] = np.broadcast_to(one_value, metadata.num_rows)
    return found


def make_durable(tenant_id: int, files: Iterable[PartFile]) -> list[PartFile]:
    """Have these files outlive a loss of power; only then may a manifest name them.

    All at once, after the last one was written: the disk is asked for each of them, but writes and commits together.
    """
    made = list(files)
    folder = lake_folder(tenant_id)
    with ThreadPoolExecutor(SYNCS) as pool:
        list(pool.map(_sync, [folder / file.name for file in made]))
        list(pool.map(_sync, {(folder / file.name).parent for file in made}))
    if made:
        _sync(folder)
    passing("files.durable")
    return made


def delete_files(tenant_id: int, names: Collection[str]) -> None:
    """Remove files that no manifest names, and what was laid open of them."""
    for name in names:
        (lake_folder(tenant_id) / name).unlink(missing_ok=True)
        opened_path(tenant_id, name).unlink(missing_ok=True)


def opened_path(tenant_id: int, name: str) -> Path:
    """Where a file's rows may lie open (see opened.py)."""
    return lake_folder(tenant_id) / "opened" / name.replace("/", "_").replace(".parquet", ".arrow")


def _no_rows(name: str) -> NDArray[Any]:
    return np.empty(0, {**TOUCH_TYPES, **ORDER_TYPES}[name])


def _write(tenant_id: int, bucket: int, kind: str, columns: dict[str, NDArray[np.integer]]) -> PartFile:
    folder = f"bucket={bucket:03d}" if bucket >= 0 else "bucket=all"
    name = f"{folder}/part-{new_id().hex}-{kind}.parquet"
    path = lake_folder(tenant_id) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    near = [column for column in columns if column in SORTED_COLUMNS]
    pq.write_table(
        as_table(columns),
        path,
        compression="none",
        use_dictionary=[column for column in columns if column not in near],
        column_encoding=dict.fromkeys(near, "DELTA_BINARY_PACKED"),
        data_page_size=PAGE_BYTES,
        max_rows_per_page=PAGE_ROWS,
    )
    passing("file.written")
    return PartFile(name, bucket, kind, len(columns["contact"]))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
