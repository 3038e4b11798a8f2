"""Tables of insights."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "insight_cube",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_insight_cube_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_insight_cube")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_insight_cube_tenant_id")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("insight_cube")
