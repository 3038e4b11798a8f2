"""Tables of referrals."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "pending_referral",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("invitee_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("app", sa.String(length=256), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invitee_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_pending_referral_tenant_id_invitee_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_pending_referral_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pending_referral")),
        sa.UniqueConstraint(
            "tenant_id", "invitee_number", "kind", "app", "blind_index", name="uq_pending_referral_claim"
        ),
    )
    with op.batch_alter_table("pending_referral", schema=None) as batch_op:
        batch_op.create_index("ix_pending_referral_key", ["tenant_id", "kind", "app", "blind_index"], unique=False)

    op.create_table(
        "referral",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("invitee_number", sa.Integer(), nullable=False),
        sa.Column("inviter_number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invitee_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_referral_tenant_id_invitee_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "inviter_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_referral_tenant_id_inviter_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_referral_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referral")),
        sa.UniqueConstraint("tenant_id", "invitee_number", name=op.f("uq_referral_tenant_id_invitee_number")),
    )
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.create_index("ix_referral_inviter", ["tenant_id", "inviter_number"], unique=False)

    op.create_table(
        "referral_refusal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("invitee_number", sa.Integer(), nullable=False),
        sa.Column("inviter_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('taken','self','circle','too_deep','unreadable')", name=op.f("ck_referral_refusal_reason")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invitee_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_referral_refusal_tenant_id_invitee_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_referral_refusal_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_referral_refusal")),
        sa.UniqueConstraint(
            "tenant_id", "invitee_number", "inviter_number", "reason", name="uq_referral_refusal_claim"
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("referral_refusal")
    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_index("ix_referral_inviter")

    op.drop_table("referral")
    with op.batch_alter_table("pending_referral", schema=None) as batch_op:
        batch_op.drop_index("ix_pending_referral_key")

    op.drop_table("pending_referral")
