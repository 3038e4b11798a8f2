"""The declarative base, and the two kinds of rows: a tenant's and the platform's."""

import uuid

import sqlalchemy as sa
import uuid_utils
import uuid_utils.compat as uuid7
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from core.db.types import Id
from core.errors import NotFound

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """The base of every table."""

    metadata = sa.MetaData(naming_convention=NAMES)


def new_id() -> uuid.UUID:
    """A fresh UUIDv7: unguessable enough to be opaque, ordered by time so that indexes stay dense."""
    return uuid7.uuid7()


def new_ids(count: int) -> list[uuid_utils.UUID]:
    """Many of them, in the type of the library that makes them, which costs a tenth of Python's own."""
    return [uuid_utils.uuid7() for _ in range(count)]


def parse_id(text: str) -> uuid.UUID:
    """The id that a caller sent.

    Raises:
        NotFound: it is no id at all, which answers exactly like an id that does not exist.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


class TenantTable(Model):
    """Rows that belong to one tenant. Sessions scope, stamp and guard them; see core/db/doors.py."""

    __abstract__ = True

    @declared_attr
    @classmethod
    def tenant_id(cls) -> Mapped[int]:
        """The tenant's number, first part of every key; stamped by the session."""
        return mapped_column(sa.Integer, sa.ForeignKey("tenant.number"), primary_key=True, sort_order=-20)


class TenantRow(TenantTable):
    """A tenant's row with an id of its own: primary key `(tenant_id, id)`."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id, sort_order=-10)


class PlatformRow(Model):
    """A row above tenants. Each such table stands on the reviewed list of the architecture tests."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(Id, primary_key=True, default=new_id, sort_order=-10)


class Counter(TenantTable):
    """Dense numbers of a tenant: the last one given out for contacts, channels, placements."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    value: Mapped[int] = mapped_column(sa.Integer)
