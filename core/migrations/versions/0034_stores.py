"""Gifts given once a person, and clerks' pages."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "gift_count",
        *_head("gift_count"),
        sa.Column("given", sa.Integer(), nullable=False),
        *_tail("gift_count"),
        sa.UniqueConstraint("tenant_id", "placement_number", name=op.f("uq_gift_count_tenant_id_placement_number")),
    )
    op.create_table(
        "gift_given",
        *_head("gift_given"),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        *_tail("gift_given"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_gift_given_tenant_id_contact_number"),
        ),
        sa.UniqueConstraint(
            "tenant_id",
            "placement_number",
            "contact_number",
            name=op.f("uq_gift_given_tenant_id_placement_number_contact_number"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "placement_number", "number", name=op.f("uq_gift_given_tenant_id_placement_number_number")
        ),
    )
    op.create_table(
        "clerk_page",
        *_head("clerk_page"),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("issued_at", core.db.types.Instant(), nullable=False),
        *_tail("clerk_page"),
        sa.UniqueConstraint("tenant_id", "placement_number", name=op.f("uq_clerk_page_tenant_id_placement_number")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("clerk_page")
    op.drop_table("gift_given")
    op.drop_table("gift_count")


def _head(table: str) -> list[sa.Column]:
    return [
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
    ]


def _tail(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f(f"fk_{table}_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f(f"fk_{table}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
    ]
