"""A table for what platforms count of placements by day."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "placement_figure",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("total_at", core.db.types.Instant(), nullable=True),
        sa.Column("added", sa.BigInteger(), nullable=True),
        sa.Column("added_at", core.db.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_placement_figure_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_placement_figure_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement_figure")),
        sa.UniqueConstraint(
            "tenant_id",
            "placement_number",
            "name",
            "day",
            name=op.f("uq_placement_figure_tenant_id_placement_number_name_day"),
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("placement_figure")
