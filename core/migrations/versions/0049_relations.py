"""Relations between people and accounts of the brand.

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "relation_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("app", sa.String(length=256), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("by", sa.String(length=10), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('begun', 'ended')", name=op.f("ck_relation_change_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_relation_change_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_relation_change_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_relation_change")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "event_id", name=op.f("uq_relation_change_tenant_id_channel_number_event_id")
        ),
    )
    with op.batch_alter_table("relation_change", schema=None) as batch_op:
        batch_op.create_index("ix_relation_change_name", ["tenant_id", "kind", "app", "blind_index"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_table("relation_change")
