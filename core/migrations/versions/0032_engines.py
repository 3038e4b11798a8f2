"""What made a run: threads of the worker, or Spark."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; runs made before were local."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("engine", sa.String(length=8), server_default="local", nullable=False))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("engine")
