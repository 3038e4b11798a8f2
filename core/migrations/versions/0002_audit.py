"""Tables of audit."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "audit_head",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("agency_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("tenant_number", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("before", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_audit_log_agency_id")),
        sa.ForeignKeyConstraint(["tenant_number"], ["tenant.number"], name=op.f("fk_audit_log_tenant_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("agency_id", "seq", name=op.f("uq_audit_log_agency_id_seq")),
        info={"append_only": True},
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_log_tenant_number"), ["tenant_number"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_log_tenant_number"))

    op.drop_table("audit_log")
    op.drop_table("audit_head")
