"""Which run a run makes again, and of which files it was made."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; runs made before can be made again on the newest files."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repeats", core.db.types.Id(length=16), nullable=True))
        batch_op.add_column(sa.Column("snapshot", core.db.types.Json, server_default="{}", nullable=False))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("attribution_run", schema=None) as batch_op:
        batch_op.drop_column("snapshot")
        batch_op.drop_column("repeats")
