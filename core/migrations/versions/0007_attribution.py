"""Tables of attribution."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "attribution_run",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("preset", sa.String(length=8), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lookback_days", sa.Float(), nullable=False),
        sa.Column("half_life_days", sa.Float(), nullable=False),
        sa.Column("cut", sa.String(length=16), nullable=False),
        sa.Column("models", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=True),
        sa.Column("job_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("lost_orders", sa.BigInteger(), nullable=False),
        sa.Column("lost_minor", sa.BigInteger(), nullable=False),
        sa.Column("journeys", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("finished_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("state IN ('queued','running','done','failed')", name=op.f("ck_attribution_run_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_attribution_run_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_attribution_run")),
    )
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.create_index("ix_attribution_run_preset", ["tenant_id", "preset"], unique=False)

    op.create_table(
        "attribution_credit",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("run_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.Column("effects", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "run_id"],
            ["attribution_run.tenant_id", "attribution_run.id"],
            name=op.f("fk_attribution_credit_tenant_id_run_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_attribution_credit_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_attribution_credit")),
        sa.UniqueConstraint("tenant_id", "run_id", "model", name=op.f("uq_attribution_credit_tenant_id_run_id_model")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("attribution_credit")
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_index("ix_attribution_run_preset")

    op.drop_table("attribution_run")
