"""Imports as the outside sees them; people appear masked."""

from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from core.contacts.identities import IdentityClaim, normalise
from core.contacts.masking import mask
from core.db import tenant_of
from core.errors import NotFound
from core.ingest import fields, imports
from core.ingest.imports import Preview
from core.ingest.models import Import
from core.ingest.records import Record
from core.jobs import service as jobs
from core.jobs.api import JobShown
from core.jobs.api import show as show_job
from core.tenants.currencies import from_minor


class Column(BaseModel):
    """A column of the file, with a few of its values."""

    name: str
    samples: list[str]


class FieldShown(BaseModel):
    """What a column may be chosen as."""

    key: str
    zh: str
    en: str
    required: bool


class Counts(BaseModel):
    """Where an import stands. `failed` is an import whose job was parked: it can be retried there."""

    id: str
    kind: str
    name: str
    state: str
    rows: int
    skipped: int
    accepted: int
    duplicates: int
    rejected: int
    touchpoints: int
    orders: int
    created_at: datetime
    finished_at: datetime | None
    job: JobShown | None


class ImportShown(Counts):
    """One import with all that its page needs."""

    encoding: str
    delimiter: str
    columns: list[Column]
    rows_sampled: int
    fields: list[FieldShown]
    mapping: dict[str, str]
    defaults: dict[str, str | None]
    row_filter: list[dict[str, object]]
    create_channels: bool


def show_counts(session: Session, row: Import) -> Counts:
    return Counts(**_counts(session, row))


def show_import(session: Session, row: Import) -> ImportShown:
    try:
        samples = imports.samples_of(session, row)
    except NotFound:  # the file has expired; its import is still told
        samples = {}
    required = fields.required_of(row.kind)  # type: ignore[arg-type]  # a CHECK keeps the kinds
    columns: dict[str, str] = row.mapping.get("columns", {})  # type: ignore[assignment]  # stored from Mapping
    return ImportShown(
        **_counts(session, row),
        encoding=row.encoding,
        delimiter=row.delimiter,
        columns=[Column(name=name, samples=samples.get(name, [])) for name in row.header],
        rows_sampled=max((len(values) for values in samples.values()), default=0),
        fields=[
            FieldShown(key=one.key, zh=one.zh, en=one.en, required=one.key in required)
            for one in fields.fields_of(row.kind)  # type: ignore[arg-type]  # as above
        ],
        mapping=columns,
        defaults={name: row.mapping.get(name) for name in ("channel", "touch_kind", "currency")},
        row_filter=row.row_filter,
        create_channels=row.create_channels,
    )


def _counts(session: Session, row: Import) -> dict[str, object]:
    job = jobs.find_job(session, row.job_id, owner=tenant_of(session)) if row.job_id else None
    stuck = job is not None and row.state == "running" and job.state in ("dead", "cancelled")
    names = ("kind", "name", "rows", "skipped", "accepted", "duplicates", "rejected", "touchpoints", "orders")
    return {name: getattr(row, name) for name in (*names, "created_at", "finished_at")} | {
        "id": str(row.id),
        "state": ("failed" if job and job.state == "dead" else "cancelled") if stuck else row.state,
        "job": show_job(job) if job else None,
    }


def show_preview(preview: Preview) -> dict[str, object]:
    """The preview as JSON, reasons in both languages."""
    return {
        "rows": [{"line": line, **_show_record(record)} for line, record in preview.rows],
        "rejected": [
            {"line": one.line, "code": one.reason.code, "zh": one.reason.zh, "en": one.reason.en}
            for one in preview.refused
        ],
        "rejected_count": preview.refused_count,
        "unknown_channels": [{"name": name, "rows": count} for name, count in preview.unknown_channels.items()],
        "problems": [{"path": one.path, "code": one.code, "zh": one.zh, "en": one.en} for one in preview.problems],
        "rows_read": preview.rows_read,
        "rows_taken": preview.rows_taken,
    }


def _show_record(record: Record) -> dict[str, object]:
    order, cost = record.order, record.cost
    return {
        "at": record.at,
        "channel": record.channel,
        "placement": record.placement,
        "touchpoint": record.touch,
        "order": order
        and {
            "order_no": order.order_no,
            "amount": from_minor(order.amount_minor, order.currency),
            "currency": order.currency,
            "state": order.state,
        },
        "cost": cost
        and {
            "day": cost.day.isoformat(),
            "amount": from_minor(cost.amount_minor, cost.currency),
            "currency": cost.currency,
        },
        "who": [
            {"kind": one.kind, "masked": mask(normalise(IdentityClaim(one.kind, one.value, one.app)))}
            for one in record.who
        ],
        "tags": list(record.tags),
    }
