"""Options of runs: credit for inviters, calibration by experiments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them, off for runs made before."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("upstream_share", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("upstream_depth", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(
            sa.Column("upstream_base", sa.String(length=60), server_default="last_non_direct", nullable=False)
        )
        batch_op.add_column(sa.Column("calibrate", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column(
                "measured",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("measured")
        batch_op.drop_column("calibrate")
        batch_op.drop_column("upstream_base")
        batch_op.drop_column("upstream_depth")
        batch_op.drop_column("upstream_share")
