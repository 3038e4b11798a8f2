"""What named erased people moves out of the identities, so that they can become new contacts."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

EMPTY = "length(sealed) = 0"


def upgrade() -> None:
    """Create the table and move the rows. The guards of `identity` step aside; every upgrade puts them on again."""
    op.create_table(
        "erased_name",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("app", sa.String(length=256), nullable=False),
        sa.Column("blind_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_erased_name_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_erased_name_tenant_id_contact_number"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_erased_name")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "app",
            "blind_index",
            "contact_number",
            name=op.f("uq_erased_name_tenant_id_kind_app_blind_index_contact_number"),
        ),
    )
    if op.get_context().dialect.name == "postgresql":
        for table in ("identity", "contact"):
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    else:
        op.execute("DROP TRIGGER IF EXISTS guard_delete_identity")
    op.execute(
        "INSERT INTO erased_name (tenant_id, id, contact_number, kind, app, blind_index, at)"
        " SELECT identity.tenant_id, identity.id, contact_number, kind, app, blind_index, contact.erased_at"
        " FROM identity JOIN contact ON contact.tenant_id = identity.tenant_id AND contact.number = contact_number"
        f" WHERE {EMPTY} AND contact.erased_at IS NOT NULL"
    )
    op.execute(f"DELETE FROM identity WHERE {EMPTY}")


def downgrade() -> None:
    """Drop it; who was erased stays so, and is nobody's old news any more."""
    op.drop_table("erased_name")
