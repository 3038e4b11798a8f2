"""Files that nobody reads any more, and files that were written but never came into a manifest."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy.orm import Session

from core import clock
from core.db import reading, writing
from core.lake.copying import sweep_copy
from core.lake.faults import passing
from core.lake.manifest import forget_parts, known_names, stale_names
from core.lake.parts import delete_files, lake_folder, opened_path

ORPHAN_AGE = timedelta(hours=24)
"""A file in no manifest may be of a build that is still going on; no build takes so long."""


def sweep_lake(tenant_id: int, *, door: Callable[[], AbstractContextManager[Session]] | None = None) -> int:
    """Delete files retired longer ago than any reader lives; how many."""
    open_door = door or (lambda: writing(tenant_id))
    with reading(tenant_id) as session:
        names = stale_names(session)
    if names:
        with open_door() as session:
            forget_parts(session, names)
        passing("sweep.forgotten")
        delete_files(tenant_id, names)
        sweep_copy(tenant_id)
    return len(names)


def sweep_orphans(tenant_id: int) -> int:
    """Delete what a crash left: old files that no manifest names; how many."""
    folder = lake_folder(tenant_id)
    before = (clock.now() - ORPHAN_AGE).timestamp()
    old = [path for path in folder.rglob("part-*") if path.stat().st_mtime < before]
    opened = [path for path in folder.glob("opened/*") if path.stat().st_mtime < before]
    if not old and not opened:
        return 0
    with reading(tenant_id) as session:
        known = known_names(session)
    orphans = [name for path in old if (name := str(path.relative_to(folder))) not in known]
    delete_files(tenant_id, orphans)
    for path in set(opened) - {opened_path(tenant_id, name) for name in known}:
        path.unlink(missing_ok=True)
    return len(orphans)
