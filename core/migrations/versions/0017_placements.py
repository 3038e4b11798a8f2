"""Tables of placements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "placement",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("starts_at", core.db.types.Instant(), nullable=False),
        sa.Column("ends_at", core.db.types.Instant(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("detail", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_placement_state")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_placement_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_placement_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_placement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "name", name=op.f("uq_placement_tenant_id_channel_number_name")
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_placement_tenant_id_number")),
    )
    op.create_table(
        "card_code",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('printed', 'redeemed')", name=op.f("ck_card_code_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_card_code_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_card_code_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_card_code")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_card_code_tenant_id_digest")),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "number", name=op.f("uq_card_code_tenant_id_placement_number_number")
        ),
    )
    op.create_table(
        "link",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("target_url", sa.String(length=2048), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("tells_code", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'archived')", name=op.f("ck_link_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_link_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_link_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_link")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_link_tenant_id_code")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_link_tenant_id_placement_number"), ["tenant_id", "placement_number"], unique=False
        )

    op.create_table(
        "placement_artifact",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("file_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_placement_artifact_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_placement_artifact_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement_artifact")),
    )
    with op.batch_alter_table("placement_artifact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_placement_artifact_tenant_id_placement_number"),
            ["tenant_id", "placement_number"],
            unique=False,
        )

    op.create_table(
        "placement_cost",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("cost_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_placement_cost_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_placement_cost_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement_cost")),
        sa.UniqueConstraint(
            "tenant_id",
            "placement_number",
            "cost_key",
            name=op.f("uq_placement_cost_tenant_id_placement_number_cost_key"),
        ),
    )
    with op.batch_alter_table("placement_cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_cost_tenant_id_day"), ["tenant_id", "day"], unique=False)

    op.create_table(
        "redemption",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "code_id"],
            ["card_code.tenant_id", "card_code.id"],
            name=op.f("fk_redemption_tenant_id_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_redemption_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_redemption_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("tenant_id", "code_id", name=op.f("uq_redemption_tenant_id_code_id")),
    )
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_redemption_tenant_id_placement_number"), ["tenant_id", "placement_number"], unique=False
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("redemption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_redemption_tenant_id_placement_number"))

    op.drop_table("redemption")
    with op.batch_alter_table("placement_cost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_cost_tenant_id_day"))

    op.drop_table("placement_cost")
    with op.batch_alter_table("placement_artifact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_artifact_tenant_id_placement_number"))

    op.drop_table("placement_artifact")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_tenant_id_placement_number"))

    op.drop_table("link")
    op.drop_table("card_code")
    op.drop_table("placement")
