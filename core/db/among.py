"""`column IN (these)` with one parameter instead of one a value: a thousand placeholders cost more than the look-up.

SQLite unfolds a JSON list, or slices of one string of bytes where the values are bytes of one length; PostgreSQL takes
an array. The statement's text does not depend on how many there are, so it is prepared once.
"""

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db.types import Id


def among(
    session: Session, column: InstrumentedAttribute[object], values: Collection[object]
) -> sa.ColumnElement[bool]:
    """Whether the column holds one of `values`: numbers, texts, ids, or byte strings that are all of one length."""
    if session.get_bind().dialect.name == "postgresql":
        return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(column.type)))
    if isinstance(column.type, Id):
        return column.in_(_slices([value.bytes for value in values]))  # type: ignore[attr-defined]  # an Id column holds UUIDs
    if isinstance(column.type, sa.LargeBinary):
        return column.in_(_slices([value for value in values if isinstance(value, bytes)]))
    listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def _slices(values: Collection[bytes]) -> sa.Select[bytes]:
    """The values as rows of a query: cut out of all of them joined, at places that a JSON list names."""
    size = len(next(iter(values), b""))
    assert all(len(value) == size for value in values)
    places = sa.func.json_each(json.dumps([1 + size * i for i in range(len(values))])).table_valued("value")
    packed = sa.literal(b"".join(values), sa.LargeBinary)
    return sa.select(sa.type_coerce(sa.func.substr(packed, places.c.value, size), sa.LargeBinary))
