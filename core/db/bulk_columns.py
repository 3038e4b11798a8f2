"""What both databases' short ways of inserting share: how each column's values reach the driver."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.schema import CallableColumnDefault, ColumnElementColumnDefault, ScalarElementColumnDefault

from core.db.models import PlatformRow, TenantRow
from core.db.types import Id

Columns = Mapping[str, Sequence[object]]
Bind = Callable[[Iterable[object]], Iterable[object]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One bound column; `default` makes its value where rows bring none."""

    column: sa.Column[object]
    bind: Bind
    default: Callable[[], object] | None

    def values(self, columns: Columns, count: int) -> Iterable[object]:
        given = columns[self.column.name] if self.default is None else [self.default() for _ in range(count)]
        return self.bind(given)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one INSERT: bound for each row, bound once for all, and SQL expressions of their own."""

    slots: tuple[Slot, ...]
    fixed: tuple[Slot, ...]
    expressions: Mapping[str, str]


def lay_out(
    model: type[TenantRow] | type[PlatformRow], given: frozenset[str], fixed: frozenset[str], dialect: Dialect
) -> Layout:
    """Where each column of the table gets its value from; columns without value or default stay NULL."""
    slots: list[Slot] = []
    once: list[Slot] = []
    expressions: dict[str, str] = {}
    for column in model.metadata.tables[model.__tablename__].columns:
        if column.name in given:
            slots.append(Slot(column, _binder(column, dialect), None))
        elif column.name in fixed:
            once.append(Slot(column, _binder(column, dialect), None))
        elif isinstance(column.default, ColumnElementColumnDefault):
            expressions[column.name] = str(column.default.arg.compile(dialect=dialect))
        elif isinstance(column.default, (CallableColumnDefault, ScalarElementColumnDefault)):
            slots.append(Slot(column, _binder(column, dialect), _maker(column.default)))
    return Layout(tuple(slots), tuple(once), expressions)


def _binder(column: sa.Column[object], dialect: Dialect) -> Bind:
    if isinstance(column.type, Id):
        return _id_bytes if dialect.name == "sqlite" else _id_texts
    if isinstance(column.type, sa.JSON):
        return _json_texts
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return (lambda values: values) if process is None else (lambda values: map(process, values))


def _id_bytes(values: Iterable[object]) -> list[object]:
    return [None if value is None else value.bytes for value in values]  # type: ignore[attr-defined]  # an Id column holds UUIDs


def _id_texts(values: Iterable[object]) -> list[object]:
    return [None if value is None else str(value) for value in values]


def _json_texts(values: Iterable[object]) -> list[str]:
    """Callers hand the same document to many rows; it is written out once (the list keeps each one alive)."""
    written: dict[int, str] = {}
    texts = []
    for value in values:
        text = written.get(id(value))
        if text is None:
            text = written[id(value)] = json.dumps(value)
        texts.append(text)
    return texts


def _maker(default: CallableColumnDefault | ScalarElementColumnDefault) -> Callable[[], object]:
    if isinstance(default, ScalarElementColumnDefault):
        return lambda: default.arg
    # SQLAlchemy wraps every callable default so that it takes the statement's context, which ours ignore.
    return lambda: default.arg(None)  # type: ignore[arg-type]  # see above
