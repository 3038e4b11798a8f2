"""Whose facts differ between two snapshots: asked by those who keep sums and would not count everybody again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.lake.facts import TouchFacts, in_order, join, no_touches, take
from core.lake.manifest import PART_COLUMNS, Part, Snapshot
from core.lake.models import LakePart
from core.lake.opened import Opened, open_part
from core.lake.parts import read_drops


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """further: the touches, in order, that came to those for whom nothing else changed; others: int32[n], ascending,
    everybody else who changed."""

    others: NDArray[np.int32]
    further: TouchFacts

    @property
    def contacts(self) -> NDArray[np.int32]:
        """All of them, ascending, each once."""
        return _told_apart(self.others, self.further.contact)

    @property
    def count(self) -> int:
        """How many contacts that are."""
        further = self.further.contact
        return len(self.others) + int(np.count_nonzero(further[1:] != further[:-1])) + min(len(further), 1)

    def with_others(self, contacts: NDArray[np.integer]) -> "Changes":
        """The same, and more than touches came to these, too, who ascend."""
        is_other = among(contacts, self.further.contact)
        return Changes(_told_apart(self.others, contacts.astype(np.int32)), take(self.further, ~is_other))


def news_between(session: Session, old: Snapshot, new: Snapshot) -> tuple[Part, ...] | None:
    """The files that brought facts after `old` and up to `new`, also those that were put together with others since.

    None: anybody may have changed. So it is after a rebuild, and for a snapshot older than the grace of its files, or
    one that this database has never seen (a restored backup).
    """
    if old.generation > new.generation:
        return None
    lives = sa.or_(LakePart.retired.is_(None), LakePart.retired > old.generation)
    query = sa.select(*PART_COLUMNS, LakePart.news, LakePart.retired).where(LakePart.born <= new.generation, lives)
    rows = [(Part(*row[:5]), row.news, row.retired) for row in session.execute(query)]
    if {part for part, _, _ in rows if part.born <= old.generation} != set(old.parts):
        return None
    later = [(part, news) for part, news, _ in rows if part.born > old.generation]
    ended = {retired for _, _, retired in rows if retired is not None and retired <= new.generation}
    # Flushes end no file, and compactions leave files without news; what else ended files read the database anew.
    if not ended <= {part.born for part, news in later if not news}:
        return None
    return tuple(part for part, news in later if news)


def changes_in(tenant_id: int, parts: Sequence[Part]) -> Changes:
    """What these files brought."""
    others = _told_apart(*(_named_in(tenant_id, part) for part in parts if part.kind != "touches"))
    brought = [_touches_of(open_part(tenant_id, part)) for part in parts if part.kind == "touches"]
    touches = in_order(join(brought or [no_touches()]))
    is_other = among(others, touches.contact)
    return Changes(others, take(touches, ~is_other) if is_other.any() else touches)


def among(known: NDArray[np.integer], wanted: NDArray[np.integer]) -> NDArray[np.bool_]:
    """bool[n]: whether each of `wanted` is in `known`, which ascends."""
    if not len(known):
        return np.zeros(len(wanted), np.bool_)
    found: NDArray[np.bool_] = known.take(np.searchsorted(known, wanted), mode="clip") == wanted
    return found


def _named_in(tenant_id: int, part: Part) -> NDArray[np.int32]:
    return read_drops(tenant_id, part.name) if part.kind == "drops" else open_part(tenant_id, part).person


def _told_apart(*named: NDArray[np.int32]) -> NDArray[np.int32]:
    """All of them, ascending, each once."""
    contact = np.sort(np.concatenate([np.empty(0, np.int32), *named]))  # np.unique hashes, and takes four times as long
    changed: NDArray[np.int32] = contact[np.append(True, contact[1:] != contact[:-1])[: len(contact)]]
    return changed


def _touches_of(opened: Opened) -> TouchFacts:
    return TouchFacts(contact=np.repeat(opened.person, np.diff(opened.start)), **opened.columns)
