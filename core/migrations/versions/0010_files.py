"""Tables of files."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "file",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("expires_at", core.db.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_file_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_file")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index("ix_file_expiry", ["tenant_id", "expires_at"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.drop_index("ix_file_expiry")

    op.drop_table("file")
