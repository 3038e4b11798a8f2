"""One row in every tenant table, made from the models alone, so that a new table is in the matrix at once."""

import hashlib
import re
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import Instant, Model, new_id, vault_of, writing
from core.db.models import TenantTable
from core.db.types import Id
from core.insights.answer_counts import sum_answers
from core.insights.cube import Cube
from core.insights.people import People
from core.jobs.models import Job
from core.tenants.models import Tenant

# What a column must hold for its row to be possible; add a line when a new table cannot be filled without.
SPECIAL: dict[str, object] = {
    "channel.plugin_key": "other",
    "channel.number": 77,  # 1 is the channel `direct` of every new brand
    "orders.refunded_minor": 0,
    "import.row_filter": [],
    "card_move.problems": [],
    "import.mapping": {},
    "import.header": ["name"],
    "import.first_row": [0, 1],
    "campaign.audience": {"type": "everybody"},
    "experiment.share": 0.1,
    "segment.filter": {"type": "everybody"},
    "import_reject.code": "not_object",
    "lake_part.retired": 1,  # no file lies behind it
    "insight_cube.columns": Cube.empty().to_bytes(),
    "insight_cube.days": Cube.empty().to_bytes(),
    "insight_cube.answers": sum_answers([]).to_bytes(),
    "insight_people.columns": People.empty().to_bytes(),
}
SKIPPED = {"counter"}
_IN = re.compile(r"(\w+) IN \(\s*'([^']*)'")


def fill_tenant(tenant: Tenant, canary: str) -> dict[str, str]:
    """Put a row with `canary` in all its texts into every table; the ids by table, as the API shows them."""
    ids = {"tenant": str(tenant.id)}
    made: dict[str, dict[str, Any]] = {}
    models = {m.local_table: m.class_ for m in Model.registry.mappers if issubclass(m.class_, TenantTable)}
    with writing(tenant.number) as session:
        for table in Model.metadata.sorted_tables:
            if table in models and table.name not in SKIPPED:
                values = _values(session, table, made, canary)
                row = models[table](**values)
                session.add(row)
                session.flush()
                made[table.name] = {column.name: getattr(row, column.name) for column in table.columns}
                ids[table.name] = str(values.get("id", ""))
        job = Job(owner=tenant.number, kind="probe", queue="quick", args={"note": canary}, last_error=canary)
        session.add(job)
        session.flush()
        ids["job"] = str(job.id)
    return ids


def _values(session: Session, table: sa.Table, made: dict[str, dict[str, Any]], canary: str) -> dict[str, Any]:
    referred = {
        element.parent.name: made[element.column.table.name][element.column.name]
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.column.table.name in made
    }
    choices = _choices(table)
    values: dict[str, Any] = {"id": new_id()} if "id" in table.columns else {}
    for column in table.columns:
        if column.name in ("id", "tenant_id"):
            continue
        special = f"{table.name}.{column.name}"
        if special in SPECIAL:
            values[column.name] = SPECIAL[special]
        elif column.name in referred:
            values[column.name] = referred[column.name]
        elif column.name in choices:
            values[column.name] = choices[column.name]
        elif column.foreign_keys or column.server_default is not None:
            continue
        else:
            values[column.name] = _value(session, table, column, values.get("id"), canary)
    return {name: value for name, value in values.items() if value is not None}


def _choices(table: sa.Table) -> dict[str, str]:
    checks = [c for c in table.constraints if isinstance(c, sa.CheckConstraint)]
    return {match[1]: match[2] for check in checks for match in _IN.finditer(str(check.sqltext))}


def _value(session: Session, table: sa.Table, column: sa.Column[Any], row: uuid.UUID | None, canary: str) -> Any:
    kind = column.type
    if isinstance(kind, Id):
        return None if column.nullable else new_id()
    if isinstance(kind, Instant):
        return _instant(column)
    if isinstance(kind, sa.LargeBinary):
        digest = hashlib.sha256(f"{canary}{column}".encode()).digest()
        return digest if kind.length else vault_of(session).seal(table.name, row, column.name, b"{}")
    if isinstance(kind, sa.String):
        return _text(column, kind.length, canary)
    plain: dict[type[Any], Any] = {sa.JSON: {"note": canary}, sa.Boolean: False, sa.Integer: 1, sa.Float: 1.0}
    plain |= {sa.Date: date(2026, 3, 1), sa.DateTime: datetime(2026, 3, 1, tzinfo=UTC)}
    found = next((value for type_, value in plain.items() if isinstance(kind, type_)), None)
    return None if isinstance(kind, sa.Integer) and column.nullable else found


def _instant(column: sa.Column[Any]) -> datetime | None:
    if column.nullable:
        return None
    return clock.now() + timedelta(days=1) if column.name.startswith("expires") else clock.now()


def _text(column: sa.Column[Any], length: int | None, canary: str) -> str:
    known = {"currency": "CNY", "timezone": "Asia/Shanghai", "day": "2026-03-01"}
    if column.name in known:
        return known[column.name]
    text = f"https://{canary}.example/" if column.name.endswith("url") else canary
    return text if length is None or len(text) <= length else text[:length]
