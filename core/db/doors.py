"""The only ways to a session. Each one is bound to a tenant, to none, or (greppable) to all, for its whole life."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from threading import local

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from core.db.engine import ACROSS, Database, Mode
from core.db.models import TenantTable
from core.db.slices import load_models
from core.errors import SiyuError


class Unbound(SiyuError):
    """A tenant's rows were asked for through a door that is bound to no tenant."""

    code = "unbound"


class ForeignRow(SiyuError):
    """A row of one tenant was written through a session of another."""

    code = "foreign_row"


class BoundSession(Session):
    """A session that knows its tenant: a number, None (platform tables only) or ACROSS."""

    def __init__(self, database: Database, mode: Mode, tenant: int | None) -> None:
        super().__init__(database.bound(mode, tenant), expire_on_commit=False)
        self.tenant = tenant
        self.after_commit: list[Callable[[], None]] = []


class NestedWriting(SiyuError):
    """A writing door was opened inside another one of the same thread, which would wait for itself."""

    code = "nested_writing"


_database: Database | None = None
_thread = local()


def connect(database: Database) -> None:
    """Make this the process's database, with every table known: a foreign key may lead to a slice not imported yet."""
    global _database
    if _database is not None and _database is not database:
        _database.dispose()  # what was connected before keeps no connection open
    load_models()
    _database = database


def database() -> Database:
    """The process's database.

    Raises:
        Unbound: nothing was connected yet.
    """
    if _database is None:
        raise Unbound("No database is connected; call core.db.connect() first.")
    return _database


@contextmanager
def reading(tenant_id: int) -> Iterator[Session]:
    """One tenant's rows, read only."""
    with _door("reading", tenant_id) as session:
        yield session


@contextmanager
def writing(tenant_id: int) -> Iterator[Session]:
    """One tenant's rows in one short transaction: committed at the end of the block, rolled back by an error."""
    with _door("writing", tenant_id) as session:
        yield session


@contextmanager
def platform_reading() -> Iterator[Session]:
    """Platform tables, read only; a tenant's table raises `Unbound`."""
    with _door("reading", None) as session:
        yield session


@contextmanager
def platform_writing() -> Iterator[Session]:
    """Platform tables in one short transaction; a tenant's table raises `Unbound`."""
    with _door("writing", None) as session:
        yield session


@contextmanager
def across_tenants(*, writing: bool = False) -> Iterator[Session]:
    """The one escape: rows of all tenants. Every use is reviewed; `git grep across_tenants` lists them."""
    with _door("writing" if writing else "reading", ACROSS) as session:
        yield session


def tenant_of(session: Session) -> int:
    """The number of the tenant that this session is bound to.

    Raises:
        Unbound: it is bound to none, or to all.
    """
    tenant = session.tenant if isinstance(session, BoundSession) else None
    if not tenant:
        raise Unbound
    return tenant


def on_commit(session: Session, act: Callable[[], None]) -> None:
    """Call `act` once this session's transaction has been committed, and never if it is rolled back."""
    assert isinstance(session, BoundSession)
    session.after_commit.append(act)


@contextmanager
def _door(mode: Mode, tenant: int | None) -> Iterator[Session]:
    current = database()
    if mode == "reading":
        with _session(BoundSession(current, mode, tenant)) as session:
            yield session
        return
    if getattr(_thread, "writes", False):
        raise NestedWriting
    with current.writer if current.is_sqlite else nullcontext():
        _thread.writes = True
        try:
            with _session(BoundSession(current, mode, tenant)) as session:
                yield session
        finally:
            _thread.writes = False
    for act in session.after_commit:
        act()


@contextmanager
def _session(session: BoundSession) -> Iterator[BoundSession]:
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@event.listens_for(BoundSession, "do_orm_execute")
def _scope_statement(state: ORMExecuteState) -> None:
    assert isinstance(state.session, BoundSession)
    tenant = state.session.tenant
    if tenant == ACROSS or state.is_insert:
        return
    if tenant is None:
        named = [m.class_.__name__ for m in state.all_mappers if issubclass(m.class_, TenantTable)]
        if named:
            raise Unbound(f"{named[0]} belongs to tenants; open reading(tenant) or writing(tenant).")
        return
    state.statement = state.statement.options(_rows_of(tenant))


@lru_cache(maxsize=4096)
def _rows_of(tenant: int) -> ExecutableOption:
    """The criterion of a tenant's rows, made once: making it anew for every statement is a twentieth of its time."""
    return with_loader_criteria(TenantTable, lambda cls: cls.tenant_id == tenant, include_aliases=True)


@event.listens_for(BoundSession, "before_flush")
def _stamp_rows(session: Session, context: UOWTransaction, instances: object) -> None:
    assert isinstance(session, BoundSession)
    if session.tenant == ACROSS:
        return
    for row in session.new:
        if isinstance(row, TenantTable) and row.tenant_id is None:
            row.tenant_id = tenant_of(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantTable) and row.tenant_id != session.tenant:
            raise ForeignRow(f"A {type(row).__name__} of another tenant cannot be written here.")
