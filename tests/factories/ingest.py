"""Files to import, and imports made from them."""

import uuid
from collections.abc import Mapping, Sequence

from core.db import writing
from core.ingest import imports
from core.ingest.fields import ImportKind
from core.ingest.mapping import Mapping as ColumnMapping
from core.ingest.row_filter import Condition
from core.ingest.uploads import receive_file
from core.tenants.models import Tenant

AD_HEADER = "customer_id,time,interaction,conversion,conversion_value,channel"


def ad_file(*, rows: int = 60, every: int = 6, channels: Sequence[str] = ("Display", "Video", "Search")) -> str:
    """An advertising export: every so many rows a conversion of 7.50; customers repeat, no row does."""
    lines = [AD_HEADER]
    for index in range(rows):
        is_order = index % every == 0
        told = ("conversion", "1", "7.5") if is_order else ("impression", "0", "0")
        at = f"2026-07-{1 + index % 28:02d}T{index // 3600 % 24:02d}:{index // 60 % 60:02d}:{index % 60:02d}Z"
        lines.append(",".join([f"A{index % 17:05d}", at, *told, channels[index % len(channels)]]))
    return "\n".join(lines) + "\n"


def make_import(
    tenant: Tenant,
    body: str | bytes,
    *,
    kind: ImportKind = "touchpoints",
    name: str = "file.csv",
    columns: Mapping[str, str] | None = None,
    row_filter: Sequence[Condition] = (),
    create_channels: bool = True,
) -> uuid.UUID:
    """A draft with its proposed mapping, or with `columns`."""
    raw = body.encode() if isinstance(body, str) else body
    import_id = receive_file(tenant.number, [raw], kind=kind, name=name)
    with writing(tenant.number) as session:
        row = imports.find_import(session, import_id)
        mapping = (
            ColumnMapping(columns=dict(columns)) if columns is not None else ColumnMapping.model_validate(row.mapping)
        )
        imports.change_import(
            session, import_id, mapping=mapping, row_filter=row_filter, create_channels=create_channels
        )
    return import_id
