"""Tables of access."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "login_attempts",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", core.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
        sa.UniqueConstraint("subject", name=op.f("uq_login_attempts_subject")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("agency_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled_at", core.db.types.Instant(), nullable=True),
        sa.Column("last_login_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_app_user_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("agency_id", "email", name=op.f("uq_app_user_agency_id_email")),
    )
    with op.batch_alter_table("app_user", schema=None) as batch_op:
        batch_op.create_index("ix_app_user_email", ["email"], unique=False)

    op.create_table(
        "api_key",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("agency_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("user_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("tenant_number", sa.Integer(), nullable=True),
        sa.Column("handle", sa.String(length=12), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expires_at", core.db.types.Instant(), nullable=True),
        sa.Column("revoked_at", core.db.types.Instant(), nullable=True),
        sa.Column("last_used_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_api_key_agency_id")),
        sa.ForeignKeyConstraint(["tenant_number"], ["tenant.number"], name=op.f("fk_api_key_tenant_number")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_api_key_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("handle", name=op.f("uq_api_key_handle")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_key_user_id"), ["user_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("user_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", core.db.types.Instant(), nullable=False),
        sa.Column("used_at", core.db.types.Instant(), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_invitation_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_invitation_token_digest")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_user_id"), ["user_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("user_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("started_at", core.db.types.Instant(), nullable=False),
        sa.Column("seen_at", core.db.types.Instant(), nullable=False),
        sa.Column("ended_at", core.db.types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_login_session_token_digest")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("user_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("tenant_number", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(tenant_number IS NULL) = (role IN ('agency_owner', 'agency_analyst'))",
            name=op.f("ck_membership_role_place"),
        ),
        sa.CheckConstraint(
            "role IN ('agency_owner', 'agency_analyst', 'brand_manager', 'brand_operator', 'brand_viewer')",
            name=op.f("ck_membership_role"),
        ),
        sa.ForeignKeyConstraint(["tenant_number"], ["tenant.number"], name=op.f("fk_membership_tenant_number")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_membership_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("user_id", "tenant_number", name=op.f("uq_membership_user_id_tenant_number")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_tenant_number"), ["tenant_number"], unique=False)
        batch_op.create_index(
            "uq_membership_agency_role",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("tenant_number IS NULL"),
            postgresql_where=sa.text("tenant_number IS NULL"),
        )


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_agency_role",
            sqlite_where=sa.text("tenant_number IS NULL"),
            postgresql_where=sa.text("tenant_number IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_tenant_number"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_user_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_user_id"))
        batch_op.drop_index(batch_op.f("ix_api_key_agency_id"))

    op.drop_table("api_key")
    with op.batch_alter_table("app_user", schema=None) as batch_op:
        batch_op.drop_index("ix_app_user_email")

    op.drop_table("app_user")
    op.drop_table("login_attempts")
