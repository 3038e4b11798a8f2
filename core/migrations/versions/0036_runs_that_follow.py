"""Which full run a run started from, and how many contacts it counted again."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; runs made before were full."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("followed", core.db.types.Id(length=16), nullable=True))
        batch_op.add_column(sa.Column("changed_contacts", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("changed_contacts")
        batch_op.drop_column("followed")
