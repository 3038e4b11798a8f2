"""Live codes that were deleted at the vendor.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add how often deleting was tried, and when it was done."""
    with op.batch_alter_table("reward_join", schema=None) as batch_op:
        batch_op.add_column(sa.Column("drop_tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("dropped_at", core.db.types.Instant(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("reward_join", schema=None) as batch_op:
        batch_op.drop_column("dropped_at")
        batch_op.drop_column("drop_tries")
