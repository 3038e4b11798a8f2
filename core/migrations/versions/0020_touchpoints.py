"""Tables of touchpoints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "touchpoint",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('impression', 'click', 'scan', 'redeem', 'visit', 'lead', 'joined', 'reply', 'comment', 'message_sent', 'message_delivered', 'conversion')",
            name=op.f("ck_touchpoint_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_touchpoint_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_touchpoint_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_touchpoint_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_touchpoint_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_touchpoint")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "event_id", name=op.f("uq_touchpoint_tenant_id_channel_number_event_id")
        ),
    )
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.create_index("ix_touchpoint_contact", ["tenant_id", "contact_number", "at"], unique=False)
        batch_op.create_index(
            "ix_touchpoint_placement",
            ["tenant_id", "placement_number", "kind"],
            unique=False,
            sqlite_where=sa.text("placement_number IS NOT NULL"),
            postgresql_where=sa.text("placement_number IS NOT NULL"),
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_touchpoint_placement",
            sqlite_where=sa.text("placement_number IS NOT NULL"),
            postgresql_where=sa.text("placement_number IS NOT NULL"),
        )
        batch_op.drop_index("ix_touchpoint_contact")

    op.drop_table("touchpoint")
