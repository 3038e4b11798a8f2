"""Tables of jobs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import core.db.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "job",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("args", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("idem_key", sa.String(length=200), nullable=True),
        sa.Column("pending_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("not_before", core.db.types.Instant(), nullable=False),
        sa.Column("lease_until", core.db.types.Instant(), nullable=True),
        sa.Column("checkpoint", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("progress_done", sa.BigInteger(), nullable=False),
        sa.Column("progress_total", sa.BigInteger(), nullable=True),
        sa.Column("cancel_asked", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.Column("finished_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready','queued','running','done','unknown','dead','cancelled')", name=op.f("ck_job_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("owner", "idem_key", name=op.f("uq_job_owner_idem_key")),
        sa.UniqueConstraint("owner", "pending_key", name=op.f("uq_job_owner_pending_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(
            "ix_job_open",
            ["state", "not_before"],
            unique=False,
            sqlite_where=sa.text("state IN ('ready','queued','running')"),
        )
        batch_op.create_index("ix_job_owner", ["owner", "id"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("next_at", core.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_schedule_owner_name")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("schedule")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_owner")
        batch_op.drop_index("ix_job_open", sqlite_where=sa.text("state IN ('ready','queued','running')"))

    op.drop_table("job")
