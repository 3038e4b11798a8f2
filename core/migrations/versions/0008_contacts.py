"""Tables of contacts."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "contact",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("joined_at", core.db.types.Instant(), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("facts_since", core.db.types.Instant(), nullable=True),
        sa.Column("origin_channel_number", sa.Integer(), nullable=True),
        sa.Column("origin_placement_number", sa.Integer(), nullable=True),
        sa.Column("origin_at", core.db.types.Instant(), nullable=True),
        sa.Column("profile", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "merged_into"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_contact_tenant_id_merged_into"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_contact_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_contact_tenant_id_number")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_joined_at", ["tenant_id", "joined_at"], unique=False)
        batch_op.create_index("ix_contact_merged_into", ["tenant_id", "merged_into"], unique=False)
        batch_op.create_index("ix_contact_origin", ["tenant_id", "origin_placement_number"], unique=False)

    op.create_table(
        "ignored_identity",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("app", sa.String(length=256), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_ignored_identity_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ignored_identity")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "app", "blind_index", name=op.f("uq_ignored_identity_tenant_id_kind_app_blind_index")
        ),
    )
    op.create_table(
        "merge_log",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("winner", sa.Integer(), nullable=False),
        sa.Column("loser", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("ref", core.db.types.Id(length=16), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=True),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('merged','parked','undone','rejected')", name=op.f("ck_merge_log_kind")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_merge_log_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_merge_log")),
        sa.UniqueConstraint("tenant_id", "ref", name=op.f("uq_merge_log_tenant_id_ref")),
        info={"append_only": True},
    )
    with op.batch_alter_table("merge_log", schema=None) as batch_op:
        batch_op.create_index("ix_merge_log_loser", ["tenant_id", "loser"], unique=False)
        batch_op.create_index("ix_merge_log_winner", ["tenant_id", "winner"], unique=False)

    op.create_table(
        "contact_tag",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_contact_tag_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_contact_tag_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contact_tag")),
        sa.UniqueConstraint(
            "tenant_id", "tag", "contact_number", name=op.f("uq_contact_tag_tenant_id_tag_contact_number")
        ),
    )
    with op.batch_alter_table("contact_tag", schema=None) as batch_op:
        batch_op.create_index("ix_contact_tag_contact", ["tenant_id", "contact_number"], unique=False)

    op.create_table(
        "identity",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("app", sa.String(length=256), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_identity_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_identity_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "app", "blind_index", name=op.f("uq_identity_tenant_id_kind_app_blind_index")
        ),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index("ix_identity_contact", ["tenant_id", "contact_number"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index("ix_identity_contact")

    op.drop_table("identity")
    with op.batch_alter_table("contact_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_tag_contact")

    op.drop_table("contact_tag")
    with op.batch_alter_table("merge_log", schema=None) as batch_op:
        batch_op.drop_index("ix_merge_log_winner")
        batch_op.drop_index("ix_merge_log_loser")

    op.drop_table("merge_log")
    op.drop_table("ignored_identity")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_origin")
        batch_op.drop_index("ix_contact_merged_into")
        batch_op.drop_index("ix_contact_joined_at")

    op.drop_table("contact")
