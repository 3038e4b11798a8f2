"""What is new in SQL since a position, read in ranges. A position is a row that is read and below all that may come.

SQLite has one writer, so rows appear in the order of their rowid. On PostgreSQL they appear out of order, but those of
transactions below the horizon (the oldest one still running) are settled: there the position is (tx, id).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.models import MergeLog
from core.db import Id
from core.orders.models import Order, OrderChange
from core.touchpoints.models import Touchpoint

FeedModel = type[Touchpoint] | type[Order] | type[OrderChange] | type[MergeLog]
FEEDS: Mapping[str, FeedModel] = {
    "touchpoint": Touchpoint,
    "orders": Order,
    "order_change": OrderChange,
    "merge_log": MergeLog,
}
Position = list[int | str]
"""[rowid, id] on SQLite; [tx, id] on PostgreSQL. JSON in the manifest."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds as one read transaction sees them. horizon: the first tx that is not settled, PostgreSQL only."""

    session: Session
    horizon: int | None

    def after(self, name: str, position: Position | None, *, limit: int, columns: Sequence[Any]) -> "Range":
        """At most `limit` rows of the feed behind `position`, in its order, and the position of the last of them."""
        model = FEEDS[name]
        query = sa.select(*columns, *self._place(name)).where(self._settled(name))
        if position is not None:
            query = query.where(self._behind(name, position))
        rows = self.session.execute(query.order_by(*self._place(name)).limit(limit)).all()
        width = len(columns)
        reached = _plain(rows[-1][width:]) if rows else position
        return Range(model, [row[:width] for row in rows], reached, is_full=len(rows) == limit)

    def newest(self, name: str) -> Position | None:
        """Where the feed stands when everything settled has been read."""
        place = self._place(name)
        query = sa.select(*place, FEEDS[name].tenant_id).where(self._settled(name))
        query = query.order_by(*(column.desc() for column in place)).limit(1)
        row = self.session.execute(query).first()
        return None if row is None else _plain(row[: len(place)])

    def stands_at(self, name: str, position: Position) -> bool:
        """Whether the row of a position is still in its place. SQLite's VACUUM may number rows anew."""
        if self.horizon is not None:
            return True
        model = FEEDS[name]
        found = self.session.execute(
            sa.select(rowid(model), model.tenant_id).where(model.id == _id_of(position))
        ).first()
        return found is not None and int(found[0]) == int(position[0])

    def up_to(self, name: str, position: Position) -> sa.ColumnElement[bool]:
        """The condition of rows that have been read when the feed stands at `position`."""
        return sa.not_(self._behind(name, position))

    def _place(self, name: str) -> list[Any]:
        model = FEEDS[name]
        return [rowid(model) if self.horizon is None else model.tx, model.id]

    def _settled(self, name: str) -> sa.ColumnElement[bool]:
        return sa.true() if self.horizon is None else FEEDS[name].tx < self.horizon

    def _behind(self, name: str, position: Position) -> sa.ColumnElement[bool]:
        model = FEEDS[name]
        if self.horizon is None:
            return rowid(model) > int(position[0])
        tx, row_id = int(position[0]), _id_of(position)
        return sa.tuple_(model.tx, model.id) > sa.tuple_(sa.literal(tx), sa.literal(row_id, Id))


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of a feed; reached: where it stands after them; is_full: more may follow."""

    model: FeedModel
    rows: list[tuple[Any, ...]]
    reached: Position | None
    is_full: bool


def open_feeds(session: Session) -> Feeds:
    """The feeds of the bound tenant, with the horizon of this moment."""
    if session.get_bind().dialect.name == "sqlite":
        return Feeds(session, None)
    horizon = session.scalar(sa.text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"))
    return Feeds(session, int(horizon or 0))


def rowid(model: FeedModel) -> sa.ColumnElement[int]:
    """SQLite's own number of a row."""
    return sa.literal_column(f"{model.__tablename__}.rowid", sa.BigInteger)


def _id_of(position: Position) -> uuid.UUID:
    return uuid.UUID(hex=str(position[1]))


def _plain(place: Sequence[Any]) -> Position:
    return [value.hex if isinstance(value, uuid.UUID) else int(value) for value in place]
