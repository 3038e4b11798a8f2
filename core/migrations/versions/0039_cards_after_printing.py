"""Cards after printing: activated or voided, tied to products and orders of packing lists."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STATES = {True: "state IN ('printed', 'active', 'redeemed', 'void')", False: "state IN ('printed', 'redeemed')"}
MAYBE = sa.text("order_digest IS NOT NULL")


def upgrade() -> None:
    """Cards that exist stay printed, or redeemed: both go on as before."""
    with op.batch_alter_table("card_code", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_card_code_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_card_code_state"), STATES[True])
        batch_op.add_column(sa.Column("sku", sa.String(length=60), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("order_digest", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("order_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("shipped_at", core.db.types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("activated_at", core.db.types.Instant(), nullable=True))
        batch_op.add_column(sa.Column("moved_by", core.db.types.Id(length=16), nullable=True))
        batch_op.create_index(
            "ix_card_code_order", ["tenant_id", "order_digest"], sqlite_where=MAYBE, postgresql_where=MAYBE
        )
    op.create_table(
        "card_move",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=10), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("file_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("undoes", core.db.types.Id(length=16), nullable=True),
        sa.Column("job_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("tied", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problems", core.db.types.Json, nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint(
            "deed IN ('activate', 'deactivate', 'void', 'restore', 'list')", name=op.f("ck_card_move_deed")
        ),
        sa.CheckConstraint("state IN ('running', 'done', 'undone')", name=op.f("ck_card_move_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_card_move_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_card_move_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_card_move")),
    )
    with op.batch_alter_table("card_move", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_card_move_tenant_id_placement_number"), ["tenant_id", "placement_number"], unique=False
        )


def downgrade() -> None:
    """Back to cards that are printed or redeemed; those made void work again."""
    op.drop_table("card_move")
    op.execute("UPDATE card_code SET state = 'printed' WHERE state IN ('active', 'void')")
    with op.batch_alter_table("card_code", schema=None) as batch_op:
        batch_op.drop_index("ix_card_code_order")
        for name in ("moved_by", "activated_at", "shipped_at", "order_sealed", "order_digest", "sequence", "sku"):
            batch_op.drop_column(name)
        batch_op.drop_constraint(batch_op.f("ck_card_code_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_card_code_state"), STATES[False])
