"""Outgoing webhooks: endpoints, messages, and how far facts have been told."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "fact_feed",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("positions", core.db.types.Json, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_fact_feed_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fact_feed")),
        sa.UniqueConstraint("tenant_id", name="uq_fact_feed_tenant_id"),
    )
    op.create_table(
        "webhook_endpoint",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("fact_types", core.db.types.Json, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("old_secret", sa.LargeBinary(), nullable=True),
        sa.Column("old_secret_until", core.db.types.Instant(), nullable=True),
        sa.Column("failing_since", core.db.types.Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("quiet_until", core.db.types.Instant(), nullable=True),
        sa.Column("last_success_at", core.db.types.Instant(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('active','paused','disabled')", name=op.f("ck_webhook_endpoint_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_webhook_endpoint_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_endpoint")),
        sa.UniqueConstraint("tenant_id", "url", name=op.f("uq_webhook_endpoint_tenant_id_url")),
    )
    op.create_table(
        "webhook_message",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("endpoint_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", core.db.types.Instant(), nullable=False),
        sa.Column("last_error", sa.String(length=200), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("delivered_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("state IN ('waiting','delivered','failed')", name=op.f("ck_webhook_message_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoint.tenant_id", "webhook_endpoint.id"],
            name=op.f("fk_webhook_message_tenant_id_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_webhook_message_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_webhook_message")),
    )
    with op.batch_alter_table("webhook_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_message_due", ["tenant_id", "endpoint_id", "state", "next_at"], unique=False
        )
        batch_op.create_index("ix_webhook_message_made", ["tenant_id", "created_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("webhook_message")
    op.drop_table("webhook_endpoint")
    op.drop_table("fact_feed")
