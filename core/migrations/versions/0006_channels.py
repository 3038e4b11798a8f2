"""Tables of channels."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "address",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("tenant_number", sa.Integer(), nullable=False),
        sa.Column("target", core.db.types.Id(length=16), nullable=False),
        sa.CheckConstraint("kind IN ('link', 'card', 'hook', 'write_key')", name=op.f("ck_address_kind")),
        sa.ForeignKeyConstraint(["tenant_number"], ["tenant.number"], name=op.f("fk_address_tenant_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_address_digest")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_address_tenant_number_kind_target"), ["tenant_number", "kind", "target"], unique=False
        )

    op.create_table(
        "channel",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plugin_key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("last_event_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_channel_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_channel_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_channel")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_channel_tenant_id_name")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_channel_tenant_id_number")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("channel")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_tenant_number_kind_target"))

    op.drop_table("address")
