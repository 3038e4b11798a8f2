"""Indexes by which the lake follows a tenant's rows without walking over those of others."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("touchpoint", "orders", "order_change", "merge_log")


def upgrade() -> None:
    """Create them."""
    for table in TABLES:
        op.create_index(f"ix_{table}_feed", table, ["tenant_id", "tx"], unique=False)


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_index(f"ix_{table}_feed", table_name=table)
