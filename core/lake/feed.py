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

from core.contacts.models import Erasure, MergeLog
from core.db import Id, tenant_of
from core.lake.columns import Arrays, read_columns
from core.orders.models import Order, OrderChange
from core.touchpoints.models import Touchpoint

FeedModel = type[Touchpoint] | type[Order] | type[OrderChange] | type[MergeLog] | type[Erasure]
FEEDS: Mapping[str, FeedModel] = {
    "touchpoint": Touchpoint,
    "orders": Order,
    "order_change": OrderChange,
    "merge_log": MergeLog,
    "erasure": Erasure,
}
Position = list[int | str]
"""[rowid, id] on SQLite; [tx, id] on PostgreSQL. JSON in the manifest."""


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of a feed; reached: where it stands after them; is_full: more may follow."""

    columns: Arrays
    reached: Position | None
    is_full: bool


@dataclass(frozen=True, slots=True)
class Feeds:
    """The feeds as one read transaction sees them. horizon: the first tx that is not settled, PostgreSQL only."""

    session: Session
    horizon: int | None

    def after(
        self,
        name: str,
        position: Position | None,
        *,
        limit: int | None,
        columns: Sequence[Any],
        until: Position | None = None,
        settled: bool = True,
    ) -> Range:
        """At most `limit` rows of the feed behind `position`, in its order, and the position of the last of them.

        Args:
            until: rows behind this position are left out.
            settled: False takes rows above the horizon as well; their position must not be kept.
        """
        model = FEEDS[name]
        place = self._place(name)
        query = sa.select(*columns, place.label("place"), model.id.label("place_id")).where(self._mine(name))
        if settled and self.horizon is not None:
            query = query.where(model.tx < self.horizon)
        if position is not None:
            query = query.where(self._behind(name, position))
        if until is not None:
            query = query.where(sa.not_(self._behind(name, until)))
        found = read_columns(self.session, query.order_by(place, model.id).limit(limit))
        return Range(found, _last_place(found) or position, is_full=len(found["place"]) == limit)

    def of_contacts(
        self, name: str, columns: Sequence[Any], contacts: Sequence[int], reached: Position | None
    ) -> Arrays | None:
        """All rows of these contacts up to a position; None where nothing has been read."""
        model = FEEDS[name]
        assert model is Touchpoint or model is Order
        if reached is None:
            return None
        mine = self._mine(name), model.contact_number.in_(contacts), sa.not_(self._behind(name, reached))
        return read_columns(self.session, sa.select(*columns).where(*mine))

    def newest(self, name: str) -> Position | None:
        """Where the feed stands when everything settled has been read."""
        place, model = self._place(name), FEEDS[name]
        query = sa.select(place, model.id, model.tenant_id).where(self._mine(name))
        if self.horizon is not None:
            query = query.where(model.tx < self.horizon)
        row = self.session.execute(query.order_by(place.desc(), model.id.desc()).limit(1)).first()
        return None if row is None else [int(row[0]), row[1].hex]

    def stands_at(self, name: str, position: Position) -> bool:
        """Whether the row of a position is still in its place. SQLite's VACUUM may number rows anew."""
        return self.standing(name, position) == position

    def standing(self, name: str, position: Position) -> Position | None:
        """A position where its row stands now; None when the row is gone. VACUUM keeps the order of the rows."""
        if self.horizon is not None:
            return position
        model = FEEDS[name]
        found = self.session.execute(
            sa.select(self._place(name), model.tenant_id).where(model.id == _id_of(position))
        ).first()
        return None if found is None else [int(found[0]), position[1]]

    def _place(self, name: str) -> sa.ColumnElement[int]:
        model = FEEDS[name]
        if self.horizon is not None:
            return sa.type_coerce(model.tx, sa.BigInteger)
        return sa.literal_column(f"{model.__tablename__}.rowid", sa.BigInteger)

    def _mine(self, name: str) -> sa.ColumnElement[bool]:
        """Rows of the tenant. On SQLite `tx` is 0: saying so lets the index on (tenant, tx) walk them by rowid."""
        model = FEEDS[name]
        mine = model.tenant_id == tenant_of(self.session)
        return mine if self.horizon is not None else sa.and_(mine, model.tx == 0)

    def _behind(self, name: str, position: Position) -> sa.ColumnElement[bool]:
        model = FEEDS[name]
        if self.horizon is None:
            return self._place(name) > int(position[0])
        return sa.tuple_(model.tx, model.id) > sa.tuple_(sa.literal(int(position[0])), sa.literal(_id_of(position), Id))


def open_feeds(session: Session) -> Feeds:
    """The feeds of the bound tenant, with the horizon of this moment."""
    if session.get_bind().dialect.name == "sqlite":
        return Feeds(session, None)
    horizon = session.scalar(sa.text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"))
    return Feeds(session, int(horizon or 0))


def _id_of(position: Position) -> uuid.UUID:
    return uuid.UUID(hex=str(position[1]))


def _last_place(found: Arrays) -> Position | None:
    """The position of the last row: of one place, the highest id."""
    if not len(found["place"]):
        return None
    last = found["place"] == found["place"].max()
    high, low = max(map(tuple, found["place_id"][last].tolist()))
    return [int(found["place"].max()), f"{high:016x}{low:016x}"]
