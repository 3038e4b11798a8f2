"""Choices of a run beyond its window: which touches take part, and how much they weigh."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them, as they were for runs made before."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("collapse", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("direct_touches", sa.String(length=12), server_default="keep", nullable=False))
        batch_op.add_column(sa.Column("visitors", sa.String(length=12), server_default="count", nullable=False))
        batch_op.add_column(sa.Column("kind_weights", json, server_default="{}", nullable=False))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("kind_weights")
        batch_op.drop_column("visitors")
        batch_op.drop_column("direct_touches")
        batch_op.drop_column("collapse")
