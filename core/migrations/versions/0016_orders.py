"""Tables of orders."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "orders",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("order_no", sa.String(length=100), nullable=False),
        sa.Column("placed_at", core.db.types.Instant(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('placed','paid','completed','refunded','cancelled')", name=op.f("ck_orders_state")
        ),
        sa.CheckConstraint("refunded_minor >= 0 AND refunded_minor <= amount_minor", name=op.f("ck_orders_refund")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_orders_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_orders_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_orders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "event_id", name=op.f("uq_orders_tenant_id_channel_number_event_id")
        ),
        sa.UniqueConstraint("tenant_id", "channel_number", "order_no", name="uq_orders_order_no"),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_contact", ["tenant_id", "contact_number", "placed_at"], unique=False)
        batch_op.create_index("ix_orders_order_no", ["tenant_id", "order_no"], unique=False)
        batch_op.create_index("ix_orders_placed_at", ["tenant_id", "placed_at"], unique=False)

    op.create_table(
        "order_change",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("order_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('refund','cancel')", name=op.f("ck_order_change_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_order_change_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["orders.tenant_id", "orders.id"],
            name=op.f("fk_order_change_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_order_change_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order_change")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "event_id", name=op.f("uq_order_change_tenant_id_channel_number_event_id")
        ),
        info={"append_only": True},
    )
    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.create_index("ix_order_change_order", ["tenant_id", "order_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.drop_index("ix_order_change_order")

    op.drop_table("order_change")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_placed_at")
        batch_op.drop_index("ix_orders_order_no")
        batch_op.drop_index("ix_orders_contact")

    op.drop_table("orders")
