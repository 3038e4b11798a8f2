"""Requests that channels send to vendors, by day.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "vendor_calls",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_vendor_calls_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_vendor_calls_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_vendor_calls")),
        sa.UniqueConstraint(
            "tenant_id",
            "channel_number",
            "day",
            "verb",
            "host",
            name=op.f("uq_vendor_calls_tenant_id_channel_number_day_verb_host"),
        ),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("vendor_calls")
