"""Which placement an order says sold it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give orders the column, empty for what came before."""
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("placement_number", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_orders_tenant_id_placement_number"),
            "placement",
            ["tenant_id", "placement_number"],
            ["tenant_id", "number"],
        )
        batch_op.create_index(
            "ix_orders_placement",
            ["tenant_id", "placement_number", "placed_at"],
            unique=False,
            sqlite_where=sa.text("placement_number IS NOT NULL"),
            postgresql_where=sa.text("placement_number IS NOT NULL"),
        )


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_placement")
        batch_op.drop_constraint(batch_op.f("fk_orders_tenant_id_placement_number"), type_="foreignkey")
        batch_op.drop_column("placement_number")
