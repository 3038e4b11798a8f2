"""People who asked to be forgotten."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.add_column("contact", sa.Column("erased_at", core.db.types.Instant(), nullable=True))
    op.create_table(
        "erasure",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_erasure_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_erasure_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_feed", "erasure", ["tenant_id", "tx"], unique=False)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("erasure")
    op.drop_column("contact", "erased_at")
