"""An operator may let a reward be paid whatever the limit for a person says.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has let one yet."""
    with op.batch_alter_table("reward_payout", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_let", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("reward_payout", schema=None) as batch_op:
        batch_op.drop_column("is_let")
