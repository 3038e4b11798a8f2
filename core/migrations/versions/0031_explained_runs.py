"""Runs keep what explains them: whom intervals are made of, how soon credit comes, what was cancelled and refunded,
what models were solved from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them, empty for runs made before."""
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("detail", sa.String(length=8), server_default="auto", nullable=False))
        batch_op.add_column(sa.Column("sample", json, server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("maturing", json, server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("settled", json, server_default="{}", nullable=False))
    with op.batch_alter_table("attribution_credit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("insides", json, server_default="{}", nullable=False))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_credit", schema=None) as batch_op:
        batch_op.drop_column("insides")
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("settled")
        batch_op.drop_column("maturing")
        batch_op.drop_column("sample")
        batch_op.drop_column("detail")
