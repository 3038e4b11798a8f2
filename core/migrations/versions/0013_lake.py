"""Tables of lake."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "lake_part",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Integer(), nullable=True),
        sa.Column("retired_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('touches','orders','drops')", name=op.f("ck_lake_part_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_lake_part_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lake_part")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_lake_part_tenant_id_name")),
    )
    with op.batch_alter_table("lake_part", schema=None) as batch_op:
        batch_op.create_index("ix_lake_part_retired", ["tenant_id", "retired"], unique=False)

    op.create_table(
        "lake_state",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("bits", sa.Integer(), nullable=False),
        sa.Column("positions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("touches", sa.BigInteger(), nullable=False),
        sa.Column("flushed_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_lake_state_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_lake_state")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_lake_state_tenant_id")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("lake_state")
    with op.batch_alter_table("lake_part", schema=None) as batch_op:
        batch_op.drop_index("ix_lake_part_retired")

    op.drop_table("lake_part")
