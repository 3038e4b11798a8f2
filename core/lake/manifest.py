"""Which files count: a snapshot for readers, and the one way a new generation comes to be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import tenant_of
from core.errors import Unavailable
from core.lake.faults import passing
from core.lake.models import LakePart, LakeState
from core.lake.parts import SHARED, PartFile

GRACE = timedelta(hours=5)
"""How long a retired file stays for those who read an older generation: longer than a job may run."""


class LakeMoved(Unavailable):
    """Another flush of this lake was faster; running again will do."""

    code = "lake_moved"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a snapshot."""

    name: str
    bucket: int
    kind: str
    rows: int
    born: int


PART_COLUMNS = (LakePart.name, LakePart.bucket, LakePart.kind, LakePart.rows, LakePart.born)
"""A file's row as Part takes it: without making an object of it for the session, at a third of the time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A generation of one tenant's lake. positions: how far each feed has been read; root: URL of the folder of all
    lakes that it is read from, this home's when None."""

    tenant_id: int
    generation: int
    bits: int
    positions: Mapping[str, object]
    parts: tuple[Part, ...]
    root: str | None = None

    @property
    def buckets(self) -> range:
        """All buckets, whether or not they hold rows."""
        return range(1 << self.bits)

    def of_bucket(self, bucket: int, kind: str) -> list[Part]:
        """The files of one kind with rows of the bucket, oldest generation first."""
        mine = (p for p in self.parts if p.kind == kind and p.bucket in (bucket, SHARED))
        return sorted(mine, key=lambda p: (p.born, p.name))

    def rows(self, kind: str) -> int:
        """Rows of all files of one kind, dropped ones included."""
        return sum(part.rows for part in self.parts if part.kind == kind)


def take_snapshot(session: Session) -> Snapshot:
    """The newest generation of the bound tenant; generation 0 is empty."""
    tenant_id = tenant_of(session)
    state = session.scalar(sa.select(LakeState))
    if state is None:
        return Snapshot(tenant_id, 0, 0, {}, ())
    # By generation, not by what is live now: another transaction may have published since the line above.
    return Snapshot(tenant_id, state.generation, state.bits, state.positions, parts_at(session, state.generation))


def parts_at(session: Session, generation: int) -> tuple[Part, ...]:
    """The files of a generation, as far as the manifest still names them."""
    lives = sa.or_(LakePart.retired.is_(None), LakePart.retired > generation)
    rows = session.execute(sa.select(*PART_COLUMNS).where(LakePart.born <= generation, lives))
    return tuple(Part(*row) for row in rows)


def publish(
    session: Session,
    base: Snapshot,
    *,
    added: Sequence[PartFile],
    retired: Collection[str] = (),
    positions: Mapping[str, object] | None = None,
    bits: int | None = None,
) -> Snapshot:
    """The next generation: `base` with files added and retired, in the caller's transaction.

    Args:
        positions: how far the database is read with these files; None when they hold only what was in older ones.

    Raises:
        LakeMoved: another generation was published since `base` was taken; the files written stay unused.
    """
    generation = base.generation + 1
    changed = replace(
        base,
        generation=generation,
        bits=base.bits if bits is None else bits,
        positions=base.positions if positions is None else positions,
        parts=tuple(p for p in base.parts if p.name not in retired)
        + tuple(Part(p.name, p.bucket, p.kind, p.rows, generation) for p in added),
    )
    values = {
        "generation": generation,
        "bits": changed.bits,
        "positions": dict(changed.positions),
        "touches": changed.rows("touches"),
        "flushed_at": clock.now(),
    }
    _advance(session, base.generation, values)
    if retired:
        session.execute(
            sa.update(LakePart).where(LakePart.name.in_(retired)).values(retired=generation, retired_at=clock.now())
        )
    news = positions is not None
    session.add_all(
        LakePart(name=p.name, bucket=p.bucket, kind=p.kind, rows=p.rows, born=generation, news=news) for p in added
    )
    session.flush()
    passing("publish.staged")
    return changed


def stale_names(session: Session) -> list[str]:
    """Files retired so long ago that nobody reads them any more, at most a thousand."""
    old = sa.and_(LakePart.retired.is_not(None), LakePart.retired_at < clock.now() - GRACE)
    return list(session.scalars(sa.select(LakePart.name).where(old).limit(1000)))


def known_names(session: Session) -> set[str]:
    """All files that the manifest names, live or retired."""
    return set(session.scalars(sa.select(LakePart.name)))


def forget_parts(session: Session, names: Collection[str]) -> None:
    """Take retired files out of the manifest; `delete_files` comes after the commit."""
    session.execute(sa.delete(LakePart).where(LakePart.name.in_(names), LakePart.retired.is_not(None)))


def _advance(session: Session, generation: int, values: Mapping[str, object]) -> None:
    if generation == 0 and session.scalar(sa.select(LakeState.id)) is None:
        session.add(LakeState(**values))
        return
    moved = session.scalar(
        sa.update(LakeState).where(LakeState.generation == generation).values(**values).returning(LakeState.id)
    )
    if moved is None:
        raise LakeMoved
