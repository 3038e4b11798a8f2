"""Tables of tenants."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "agency",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    op.create_table(
        "tenant",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("agency_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_tenant_agency_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tenant")),
        sa.UniqueConstraint("agency_id", "name", name=op.f("uq_tenant_agency_id_name")),
        sa.UniqueConstraint("id", name=op.f("uq_tenant_id")),
    )
    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_agency_id"), ["agency_id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tenant_agency_id"))

    op.drop_table("tenant")
    op.drop_table("agency")
