"""A table for what comes before the thing it speaks of."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "early_fact",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=220), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_early_fact_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_early_fact_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_early_fact")),
        sa.UniqueConstraint(
            "tenant_id",
            "channel_number",
            "subject",
            "event_id",
            name=op.f("uq_early_fact_tenant_id_channel_number_subject_event_id"),
        ),
    )
    with op.batch_alter_table("early_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_early_fact_tenant_id_created_at"), ["tenant_id", "created_at"], unique=False
        )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("early_fact")
