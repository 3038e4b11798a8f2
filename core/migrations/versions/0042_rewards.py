"""Tables for what redeemed cards earn."""

import sqlalchemy as sa
from alembic import op
import core.db.types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

KINDS = "kind IN ('link', 'card', 'hook', 'write_key', 'earned')"
KINDS_BEFORE = "kind IN ('link', 'card', 'hook', 'write_key')"


def upgrade() -> None:
    """Create them; a page of what was earned has an address of its own."""
    _allow_addresses(KINDS)
    _create_rules()
    _create_payouts()
    _create_coupons()


def downgrade() -> None:
    """Drop them."""
    op.drop_table("reward_coupon")
    op.drop_table("reward_payout")
    op.drop_table("reward_rule")
    op.execute(sa.text("DELETE FROM address WHERE kind = 'earned'"))
    _allow_addresses(KINDS_BEFORE)


def _allow_addresses(kinds: str) -> None:
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_address_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_address_kind"), kinds)


def _create_rules() -> None:
    op.create_table(
        "reward_rule",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("low_minor", sa.BigInteger(), nullable=False),
        sa.Column("high_minor", sa.BigInteger(), nullable=False),
        sa.Column("daily_minor", sa.BigInteger(), nullable=True),
        sa.Column("per_person", sa.Integer(), nullable=True),
        sa.Column("coupon_text", sa.String(length=500), nullable=False),
        sa.Column("changed_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("kind IN ('none', 'transfer', 'coupon')", name=op.f("ck_reward_rule_kind")),
        sa.CheckConstraint("low_minor >= 0 AND high_minor >= low_minor", name=op.f("ck_reward_rule_amounts")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_reward_rule_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_reward_rule_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reward_rule")),
        sa.UniqueConstraint(
            "tenant_id", "channel_number", "place", name=op.f("uq_reward_rule_tenant_id_channel_number_place")
        ),
    )


def _create_payouts() -> None:
    op.create_table(
        "reward_payout",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("code_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("channel_number", sa.Integer(), nullable=False),
        sa.Column("placement_number", sa.Integer(), nullable=False),
        sa.Column("contact_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("bill", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=True),
        sa.Column("payee", sa.LargeBinary(), nullable=True),
        sa.Column("payee_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ticket", sa.LargeBinary(), nullable=True),
        sa.Column("sign_in_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("sign_in_at", core.db.types.Instant(), nullable=True),
        sa.Column("visitor_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("hand_over", sa.LargeBinary(), nullable=True),
        sa.Column("job_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asks", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("budget_day", sa.Date(), nullable=False),
        sa.Column("sent_at", core.db.types.Instant(), nullable=True),
        sa.Column("changed_at", core.db.types.Instant(), nullable=False),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.CheckConstraint("kind IN ('transfer', 'coupon')", name=op.f("ck_reward_payout_kind")),
        sa.CheckConstraint(
            "state IN ('earned', 'held', 'intended', 'unknown', 'waiting', 'failed', 'cancelled', 'succeeded')",
            name=op.f("ck_reward_payout_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "channel_number"],
            ["channel.tenant_id", "channel.number"],
            name=op.f("fk_reward_payout_tenant_id_channel_number"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "code_id"],
            ["card_code.tenant_id", "card_code.id"],
            name=op.f("fk_reward_payout_tenant_id_code_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_number"],
            ["placement.tenant_id", "placement.number"],
            name=op.f("fk_reward_payout_tenant_id_placement_number"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_reward_payout_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reward_payout")),
        sa.UniqueConstraint("tenant_id", "bill", name=op.f("uq_reward_payout_tenant_id_bill")),
        sa.UniqueConstraint("tenant_id", "code_id", name=op.f("uq_reward_payout_tenant_id_code_id")),
    )
    with op.batch_alter_table("reward_payout", schema=None) as batch_op:
        batch_op.create_index("ix_reward_payout_budget", ["tenant_id", "channel_number", "budget_day"], unique=False)
        batch_op.create_index("ix_reward_payout_contact", ["tenant_id", "contact_number"], unique=False)
        batch_op.create_index("ix_reward_payout_open", ["tenant_id", "state", "sent_at"], unique=False)


def _create_coupons() -> None:
    op.create_table(
        "reward_coupon",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", core.db.types.Id(length=16), nullable=False),
        sa.Column("rule_id", core.db.types.Id(length=16), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("payout_id", core.db.types.Id(length=16), nullable=True),
        sa.Column("created_at", core.db.types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payout_id"],
            ["reward_payout.tenant_id", "reward_payout.id"],
            name=op.f("fk_reward_coupon_tenant_id_payout_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rule_id"],
            ["reward_rule.tenant_id", "reward_rule.id"],
            name=op.f("fk_reward_coupon_tenant_id_rule_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.number"], name=op.f("fk_reward_coupon_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reward_coupon")),
        sa.UniqueConstraint("tenant_id", "payout_id", name=op.f("uq_reward_coupon_tenant_id_payout_id")),
        sa.UniqueConstraint("tenant_id", "rule_id", "digest", name=op.f("uq_reward_coupon_tenant_id_rule_id_digest")),
    )
    with op.batch_alter_table("reward_coupon", schema=None) as batch_op:
        batch_op.create_index("ix_reward_coupon_free", ["tenant_id", "rule_id", "payout_id", "id"], unique=False)
