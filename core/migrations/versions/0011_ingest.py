"""Tables of ingest."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "import",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=1), nullable=False),
        sa.Column("header", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("first_row", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("mapping", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("row_filter", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("create_channels", sa.Boolean(), nullable=False),
        sa.Column("job_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("touchpoints", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.BigInteger(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("finished_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('touchpoints', 'orders', 'contacts', 'costs')", name=op.f("ck_import_kind")),
        sa.CheckConstraint("state IN ('draft', 'running', 'done')", name=op.f("ck_import_state")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_import_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import")),
    )
    op.create_table(
        "recent_visits",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("visits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_recent_visits_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_recent_visits")),
        sa.UniqueConstraint(
            "tenant_id",
            "channel_number",
            "contact_number",
            name=op.f("uq_recent_visits_tenant_id_channel_number_contact_number"),
        ),
    )
    op.create_table(
        "channel_cursor",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("pulled_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_channel_cursor_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_channel_cursor_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_channel_cursor")),
        sa.UniqueConstraint("tenant_id", "channel_number", name=op.f("uq_channel_cursor_tenant_id_channel_number")),
    )
    op.create_table(
        "import_reject",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("import_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("particulars", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["import.tenant_id", "import.id"],
            name=op.f("fk_import_reject_tenant_id_import_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_import_reject_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_reject")),
        sa.UniqueConstraint("tenant_id", "import_id", "line", name=op.f("uq_import_reject_tenant_id_import_id_line")),
    )
    with op.batch_alter_table("import_reject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_reject_tenant_id_created_at"), ["tenant_id", "created_at"], unique=False
        )

    op.create_table(
        "incoming",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=4), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("received_at", core.db.types.Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("source IN ('sdk', 'hook')", name=op.f("ck_incoming_source")),
        sa.CheckConstraint("state IN ('new', 'done', 'refused')", name=op.f("ck_incoming_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_incoming_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_incoming_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incoming")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "message_id", name=op.f("uq_incoming_tenant_id_channel_number_message_id")
        ),
    )
    with op.batch_alter_table("incoming", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_new", ["tenant_id", "state", "id"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("incoming", schema=None) as batch_op:
        batch_op.drop_index("ix_incoming_new")

    op.drop_table("incoming")
    with op.batch_alter_table("import_reject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_reject_tenant_id_created_at"))

    op.drop_table("import_reject")
    op.drop_table("channel_cursor")
    op.drop_table("recent_visits")
    op.drop_table("import")
