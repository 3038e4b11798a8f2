"""Tables of segments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "segment",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_segment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_segment")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_segment_tenant_id_name")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("segment")
