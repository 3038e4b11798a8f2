"""Tables of experiments."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "experiment",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("started_at", core.db.types.Instant(), nullable=False),
        sa.Column("ended_at", core.db.types.Instant(), nullable=True),
        sa.CheckConstraint("state IN ('running','ended')", name=op.f("ck_experiment_state")),
        sa.CheckConstraint("share > 0 AND share < 1", name=op.f("ck_experiment_share")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_experiment_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_experiment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_experiment")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_experiment_tenant_id_name")),
    )
    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.create_index("ix_experiment_placement", ["tenant_id", "placement_number"], unique=False)

    op.create_table(
        "experiment_assignment",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("experiment_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=False),
        sa.Column("arm", sa.String(length=8), nullable=False),
        sa.Column("at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("arm IN ('treated','held_out')", name=op.f("ck_experiment_assignment_arm")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_number"],
            ["contact.tenant_id", "contact.number"],
            name=op.f("fk_experiment_assignment_tenant_id_contact_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "experiment_id"],
            ["experiment.tenant_id", "experiment.id"],
            name=op.f("fk_experiment_assignment_tenant_id_experiment_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_experiment_assignment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_experiment_assignment")),
        sa.UniqueConstraint("tenant_id", "experiment_id", "contact_number", name="uq_experiment_assignment_contact"),
    )
    with op.batch_alter_table("experiment_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_experiment_assignment_contact", ["tenant_id", "contact_number"], unique=False)


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("experiment_assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_experiment_assignment_contact")

    op.drop_table("experiment_assignment")
    with op.batch_alter_table("experiment", schema=None) as batch_op:
        batch_op.drop_index("ix_experiment_placement")

    op.drop_table("experiment")
