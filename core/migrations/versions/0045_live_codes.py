"""Live codes of redeemed cards."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "reward_join",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("welcome_zh", sa.String(length=1000), nullable=False),
        sa.Column("welcome_en", sa.String(length=1000), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("vendor_id", sa.String(length=500), nullable=False),
        sa.Column("joined_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("joined_at", core.db.types.Instant(), nullable=True),
        sa.Column("visitor_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'ready', 'failed', 'joined')", name=op.f("ck_reward_join_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_reward_join_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "code_id"], ["card_code.tenant_id", "card_code.id"], name=op.f("fk_reward_join_tenant_id_code_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_reward_join_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_reward_join_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reward_join")),
        sa.UniqueConstraint("tenant_id", "code_id", name=op.f("uq_reward_join_tenant_id_code_id")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_reward_join_tenant_id_digest")),
    )
    with op.batch_alter_table("reward_join", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reward_join_asked", ["tenant_id", "channel_number", "state", "id"], unique=False
        )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("reward_join")
