"""Which files of the lake brought facts, and which only hold older ones anew."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; nobody asks it of files that are older than this."""
    with op.batch_alter_table("lake_part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("news", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("lake_part", schema=None) as batch_op:
        batch_op.drop_column("news")
