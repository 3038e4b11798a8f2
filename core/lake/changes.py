"""Whose facts differ between two snapshots: asked by those who keep sums and would not count everybody again."""

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.lake.manifest import Part, Snapshot, parts_at
from core.lake.models import LakePart
from core.lake.opened import open_part
from core.lake.parts import read_drops


def news_between(session: Session, old: Snapshot, new: Snapshot) -> tuple[Part, ...] | None:
    """The files that brought facts after `old` and up to `new`, also those that were put together with others since.

    None: anybody may have changed. So it is after a rebuild, and for a snapshot older than the grace of its files, or
    one that this database has never seen (a restored backup).
    """
    if old.generation > new.generation or set(parts_at(session, old.generation)) != set(old.parts):
        return None
    rows = list(session.scalars(sa.select(LakePart).where(_within(LakePart.born, old, new))))
    ended = set(session.scalars(sa.select(LakePart.retired).where(_within(LakePart.retired, old, new)).distinct()))
    # Flushes end no file, and compactions leave files without news; what else ended files read the database anew.
    if not ended <= {row.born for row in rows if not row.news}:
        return None
    return tuple(Part(row.name, row.bucket, row.kind, row.rows, row.born) for row in rows if row.news)


def contacts_in(tenant_id: int, parts: Sequence[Part]) -> NDArray[np.int32]:
    """int32[n], ascending: everybody with a row in these files, drop lists included."""
    named = [np.empty(0, np.int32)]
    for part in parts:
        is_list = part.kind == "drops"
        named.append(read_drops(tenant_id, part.name) if is_list else open_part(tenant_id, part).person)
    contact = np.sort(np.concatenate(named))  # a sort: np.unique hashes, and takes four times as long
    changed: NDArray[np.int32] = contact[np.append(True, contact[1:] != contact[:-1])[: len(contact)]]
    return changed


def _within(column: sa.SQLColumnExpression[int | None], old: Snapshot, new: Snapshot) -> sa.ColumnElement[bool]:
    return sa.and_(column > old.generation, column <= new.generation)
