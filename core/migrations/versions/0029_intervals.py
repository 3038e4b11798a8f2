"""Runs say whether they make intervals, and of whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; runs made before have none."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("detail", sa.String(length=8), server_default="auto", nullable=False))
        batch_op.add_column(sa.Column("sample", json, server_default="{}", nullable=False))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("sample")
        batch_op.drop_column("detail")
