"""Who redeemed a card, from which browser and address."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

INDICES = {
    "ix_redemption_contact": ["tenant_id", "contact_number"],
    "ix_redemption_device": ["tenant_id", "device", "at"],
    "ix_redemption_address": ["tenant_id", "address", "at"],
}


def upgrade() -> None:
    """Give redemptions the columns, empty for what came before."""
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("device", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("address", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_redemption_tenant_id_contact_number"),
            "contact",
            ["tenant_id", "contact_number"],
            ["tenant_id", "number"],
        )
        for name, columns in INDICES.items():
            batch_op.create_index(name, columns)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        for name in INDICES:
            batch_op.drop_index(name)
        batch_op.drop_constraint(batch_op.f("fk_redemption_tenant_id_contact_number"), type_="foreignkey")
        for name in ("address", "device", "contact_number"):
            batch_op.drop_column(name)
