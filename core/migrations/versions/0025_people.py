"""Who joined, beside the cube. Cubes are made anew, empty, because they count more now: the next flush fills them."""

import sqlalchemy as sa
from alembic import op

import core.db.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; empty the cubes by making their table anew (rows cannot be deleted past the guards here)."""
    op.create_table(
        "insight_people",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_insight_people_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_insight_people")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_insight_people_tenant_id")),
    )
    _make_cubes_anew(
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop it; older code counts its own cubes."""
    op.drop_table("insight_people")
    _make_cubes_anew()


def _make_cubes_anew(*columns: sa.Column) -> None:
    op.drop_table("insight_cube")
    op.create_table(
        "insight_cube",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        *columns,
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_insight_cube_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_insight_cube")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_insight_cube_tenant_id")),
    )
