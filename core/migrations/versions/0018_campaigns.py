"""Tables of campaigns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "campaign",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("link_code", sa.String(length=20), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("audience", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", core.db.types.Instant(), nullable=True),
        sa.Column("opens_minute", sa.Integer(), nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("cap_days", sa.Integer(), nullable=False),
        sa.Column("walked_to", sa.Integer(), nullable=False),
        sa.Column("planned_all", sa.Boolean(), nullable=False),
        sa.Column("stopped_by", sa.String(length=500), nullable=True),
        sa.Column("job_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("finished_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("state IN ('draft','running','paused','done','cancelled')", name=op.f("ck_campaign_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_campaign_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_campaign_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_campaign_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_campaign_tenant_id_name")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_campaign_tenant_id_number")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("campaign")
