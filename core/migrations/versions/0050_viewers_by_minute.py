"""How many watched a show, minute by minute.

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "show_minute",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("viewers", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_show_minute_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_show_minute_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_show_minute")),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "minute", name=op.f("uq_show_minute_tenant_id_placement_number_minute")
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("show_minute")
