"""A table for claim codes of people who asked for one in public."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "claim",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("keyword", sa.String(length=60), nullable=False),
        sa.Column("digits", sa.String(length=6), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", core.db.types.Instant(), nullable=False),
        sa.Column("claimed_at", core.db.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_claim_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_claim_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_claim_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_claim")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_claim_tenant_id_digest")),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "contact_number", name=op.f("uq_claim_tenant_id_placement_number_contact_number")
        ),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "digits", name=op.f("uq_claim_tenant_id_placement_number_digits")
        ),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_tenant_id_contact_number"), ["tenant_id", "contact_number"], unique=False
        )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("claim")
