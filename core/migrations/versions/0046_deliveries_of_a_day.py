"""What a channel sent on a day is found by an index.

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_delivery_channel_sent", "delivery", ["tenant_id", "channel_number", "sent_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_delivery_channel_sent", "delivery")
