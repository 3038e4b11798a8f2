"""Browsers that scanned a card, doubtful signs, and redemptions that were refused."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "card_scan",
        *_head("card_scan"),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("device", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        *_keys("card_scan"),
        sa.UniqueConstraint("tenant_id", "code_id", "device", name=op.f("uq_card_scan_tenant_id_code_id_device")),
    )
    op.create_index(
        op.f("ix_card_scan_tenant_id_placement_number_code_id"),
        "card_scan",
        ["tenant_id", "placement_number", "code_id"],
    )
    op.create_table(
        "card_sign",
        *_head("card_sign"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", core.db.types.Instant(), nullable=False),
        sa.Column("last_at", core.db.types.Instant(), nullable=False),
        sa.Column("settled_at", core.db.types.Instant(), nullable=True),
        *_keys("card_sign"),
        sa.UniqueConstraint(
            "tenant_id",
            "placement_number",
            "kind",
            "subject",
            name=op.f("uq_card_sign_tenant_id_placement_number_kind_subject"),
        ),
    )
    op.create_table(
        "refused_redemption",
        *_head("refused_redemption"),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("who", sa.LargeBinary(length=32), nullable=False),
        sa.Column("device", sa.LargeBinary(length=32), nullable=True),
        sa.Column("address", sa.LargeBinary(length=32), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("last_at", core.db.types.Instant(), nullable=False),
        sa.Column("decided_at", core.db.types.Instant(), nullable=True),
        *_keys("refused_redemption"),
        sa.CheckConstraint(
            "state IN ('refused', 'accepted', 'dismissed')", name=op.f("ck_refused_redemption_state")
        ),
        sa.UniqueConstraint(
            "tenant_id", "code_id", "reason", "who", name=op.f("uq_refused_redemption_tenant_id_code_id_reason_who")
        ),
    )
    op.create_index(
        op.f("ix_refused_redemption_tenant_id_placement_number"), "refused_redemption", ["tenant_id", "placement_number"]
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("refused_redemption", "card_sign", "card_scan"):
        op.drop_table(table)


def _head(table: str) -> list[sa.Column]:
    return [
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", "code_id"],
            ["card_code.tenant_id", "card_code.id"],
            name=op.f(f"fk_{table}_tenant_id_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f(f"fk_{table}_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]
