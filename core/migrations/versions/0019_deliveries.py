"""Tables of deliveries."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "delivery",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("campaign_number", sa.Integer(), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("parts", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("sent_at", core.db.types.Instant(), nullable=True),
        sa.Column("changed_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_delivery_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_delivery_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_delivery_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_delivery_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "tenant_id",
            "campaign_number",
            "contact_number",
            name=op.f("uq_delivery_tenant_id_campaign_number_contact_number"),
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_delivery_tenant_id_number")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_campaign_state", ["tenant_id", "campaign_number", "state", "number"], unique=False
        )
        batch_op.create_index("ix_delivery_contact_sent", ["tenant_id", "contact_number", "sent_at"], unique=False)
        batch_op.create_index("ix_delivery_provider_id", ["tenant_id", "channel_number", "provider_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_delivery_provider_id")
        batch_op.drop_index("ix_delivery_contact_sent")
        batch_op.drop_index("ix_delivery_campaign_state")

    op.drop_table("delivery")
