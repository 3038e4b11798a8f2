"""Artwork of one's own for the sides of what is printed."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; redemptions of a batch are counted by time, too."""
    op.create_table(
        "placement_art",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=5), nullable=False),
        sa.Column("file_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("side IN ('front', 'back')", name=op.f("ck_placement_art_side")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_placement_art_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_placement_art_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement_art")),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "side", name=op.f("uq_placement_art_tenant_id_placement_number_side")
        ),
    )
    op.drop_index(op.f("ix_redemption_tenant_id_placement_number"), "redemption")
    op.create_index("ix_redemption_placement", "redemption", ["tenant_id", "placement_number", "at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_redemption_placement", "redemption")
    op.create_index(op.f("ix_redemption_tenant_id_placement_number"), "redemption", ["tenant_id", "placement_number"])
    op.drop_table("placement_art")
