"""Column types that read the same on SQLite and PostgreSQL."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from core import clock


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime in Python, microseconds since 1970 (BIGINT) in SQL and lake."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Microseconds of an aware instant; a naive one is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant without a time zone cannot be stored.")
        return clock.to_us(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The aware instant."""
        return None if value is None else clock.from_us(value)


class Id(TypeDecorator[uuid.UUID]):
    """A UUIDv7: `uuid` on PostgreSQL, 16 bytes on SQLite (text keys cost half the insert rate)."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[uuid.UUID] | TypeEngine[bytes]:
        """Native uuid where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> uuid.UUID | bytes | None:
        """The 16 bytes on SQLite."""
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: uuid.UUID | bytes | None, dialect: Dialect) -> uuid.UUID | None:
        """Always a UUID in Python."""
        return uuid.UUID(bytes=value) if isinstance(value, bytes) else value


Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
"""A small JSON document (JSONB on PostgreSQL)."""
