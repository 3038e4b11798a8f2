"""Database: models' base, doors, guards."""

from core.db.among import among
from core.db.bulk import find, insert_columns, insert_new, next_numbers
from core.db.doors import (
    across_tenants,
    connect,
    database,
    on_commit,
    platform_reading,
    platform_writing,
    reading,
    tenant_of,
    writing,
)
from core.db.engine import Database
from core.db.models import Model, PlatformRow, TenantRow, TenantTable, new_id, new_ids, parse_id
from core.db.registry import when_tenant_created
from core.db.turns import take_turn
from core.db.types import Id, Instant, Json
from core.db.vaults import vault_of

__all__ = [
    "Database",
    "Id",
    "Instant",
    "Json",
    "Model",
    "PlatformRow",
    "TenantRow",
    "TenantTable",
    "across_tenants",
    "among",
    "connect",
    "database",
    "find",
    "insert_columns",
    "insert_new",
    "new_id",
    "new_ids",
    "next_numbers",
    "on_commit",
    "parse_id",
    "platform_reading",
    "platform_writing",
    "reading",
    "take_turn",
    "tenant_of",
    "vault_of",
    "when_tenant_created",
    "writing",
]
