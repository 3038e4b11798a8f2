"""A copy of a snapshot's files where executors on other machines can read them. A name is used once and a file never
changes, so copying what is missing is all there is to it, and may be interrupted at any moment."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pyarrow import fs

from core import settings
from core.db import new_id, reading
from core.lake.elsewhere import open_root
from core.lake.manifest import Snapshot, known_names
from core.lake.parts import lake_folder

WHOLE_AT_ONCE = ("s3", "gcs", "abfs")
"""Stores that show a file only when it is whole."""


def share_snapshot(snapshot: Snapshot) -> Snapshot:
    """The snapshot as it is read under an address that does not depend on this process: SIYU_LAKE_URL, to which what is
    missing is copied, or the home's own folder."""
    url = settings.current().lake_url
    if url is None:
        return replace(snapshot, root=_own().as_uri())
    system, folder = open_root(url)
    if _is_own(system, folder):
        return replace(snapshot, root=url)
    there = set(_names_there(snapshot.tenant_id, url))
    for part in snapshot.parts:
        if part.name not in there:
            _copy(snapshot.tenant_id, part.name, system, folder)
    return replace(snapshot, root=url)


def sweep_copy(tenant_id: int) -> int:
    """Delete from the copy what the manifest has forgotten (compacted, erased); how many files."""
    url = settings.current().lake_url
    if url is None:
        return 0
    system, folder = open_root(url)
    if _is_own(system, folder):
        return 0
    # Listed first: whatever is there now was in a manifest before, and is unknown only if it was forgotten since.
    there = list(_names_there(tenant_id, url))
    with reading(tenant_id) as session:
        known = known_names(session)
    gone = [name for name in there if name not in known]
    for name in gone:
        system.delete_file(f"{folder}/tenant={tenant_id}/{name}")
    return len(gone)


def _own() -> Path:
    return settings.current().home.resolve() / "lake"


def _is_own(system: fs.FileSystem, folder: str) -> bool:
    return isinstance(system, fs.LocalFileSystem) and Path(folder).resolve() == _own()


def _names_there(tenant_id: int, url: str) -> Iterator[str]:
    system, folder = open_root(url)
    base = f"{folder}/tenant={tenant_id}"
    for one in system.get_file_info(fs.FileSelector(base, recursive=True, allow_not_found=True)):
        if one.type == fs.FileType.File:
            yield one.path.removeprefix(f"{base}/")


def _copy(tenant_id: int, name: str, system: fs.FileSystem, folder: str) -> None:
    """Under its own name only when it is whole."""
    target = f"{folder}/tenant={tenant_id}/{name}"
    source = str(lake_folder(tenant_id).resolve() / name)
    if system.type_name in WHOLE_AT_ONCE:
        fs.copy_files(source, target, destination_filesystem=system)
        return
    system.create_dir(target.rsplit("/", 1)[0], recursive=True)
    unfinished = f"{target}.{new_id().hex}"
    fs.copy_files(source, unfinished, destination_filesystem=system)
    system.move(unfinished, target)
