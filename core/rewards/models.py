"""What cards earn, the one payout of a redeemed card, and the coupons that are handed out."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import clock
from core.db import Id, Instant, TenantRow

WHOLE_CHANNEL = 0
"""The `place` of a rule for all placements of its channel."""


class RewardRule(TenantRow):
    """What a card of a channel, or of one placement of it, earns. `place` is the placement's number, or 0 for all.

    An amount lies between `low_minor` and `high_minor`. `daily_minor` is the most that may be spent on one local day
    within the rule's place, `per_person` how many rewards one person may have of the channel; None is no limit.
    """

    __tablename__ = "reward_rule"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.UniqueConstraint("tenant_id", "channel_number", "place"),
        sa.CheckConstraint("kind IN ('none', 'transfer', 'coupon')", name="kind"),
        sa.CheckConstraint("low_minor >= 0 AND high_minor >= low_minor", name="amounts"),
    )

    channel_number: Mapped[int] = mapped_column(sa.Integer)
    place: Mapped[int] = mapped_column(sa.Integer, default=WHOLE_CHANNEL)
    kind: Mapped[str] = mapped_column(sa.String(10), default="none")
    low_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    high_minor: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    daily_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    per_person: Mapped[int | None] = mapped_column(sa.Integer)
    coupon_text: Mapped[str] = mapped_column(sa.String(500), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RewardPayout(TenantRow):
    """What one redeemed card earned; a card earns once. `bill` is the number that the vendor knows it by.

    `day` is the local day on which it was earned, where its cost stands; `budget_day` the one whose budget it uses.
    `is_sure` says of one that failed or was cancelled that nothing was paid for certain, `is_closed` that the vendor
    has ended the bill, so that paying again needs another number, `is_let` that an operator lets it be paid whatever
    the limit for a person says. The payee, the ticket that names them and what their
    app needs to take the money are sealed.
    """

    __tablename__ = "reward_payout"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "code_id"], ["card_code.tenant_id", "card_code.id"]),
        sa.UniqueConstraint("tenant_id", "code_id"),
        sa.UniqueConstraint("tenant_id", "bill"),
        sa.CheckConstraint("kind IN ('transfer', 'coupon')", name="kind"),
        sa.CheckConstraint(
            "state IN ('earned', 'held', 'intended', 'unknown', 'waiting', 'failed', 'cancelled', 'succeeded')",
            name="state",
        ),
        sa.Index("ix_reward_payout_budget", "tenant_id", "channel_number", "budget_day"),
        sa.Index("ix_reward_payout_contact", "tenant_id", "contact_number"),
        sa.Index("ix_reward_payout_open", "tenant_id", "state", "sent_at"),
    )

    code_id: Mapped[uuid.UUID] = mapped_column(Id)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int | None] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.String(10))
    amount_minor: Mapped[int] = mapped_column(sa.BigInteger)
    state: Mapped[str] = mapped_column(sa.String(10))
    reason: Mapped[str | None] = mapped_column(sa.String(200))
    bill: Mapped[str] = mapped_column(sa.String(32))
    round: Mapped[int] = mapped_column(sa.Integer, default=0)
    provider_id: Mapped[str | None] = mapped_column(sa.String(200))
    payee: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # sealed
    payee_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    ticket: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # sealed
    sign_in_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    sign_in_at: Mapped[datetime | None] = mapped_column(Instant)
    visitor_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    hand_over: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # sealed
    job_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    is_sure: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    is_closed: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    is_let: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    asks: Mapped[int] = mapped_column(sa.Integer, default=0)
    day: Mapped[date] = mapped_column(sa.Date)
    budget_day: Mapped[date] = mapped_column(sa.Date)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RewardJoin(TenantRow):
    """The live code that the holder of one redeemed card joins by. `digest` recognises the reference that comes back.

    `told` are the names that the redemption told, sealed, for joining; `joined_digest` is whoever joined by it first.
    """

    __tablename__ = "reward_join"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "channel_number"], ["channel.tenant_id", "channel.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "placement_number"], ["placement.tenant_id", "placement.number"]),
        sa.ForeignKeyConstraint(["tenant_id", "code_id"], ["card_code.tenant_id", "card_code.id"]),
        sa.UniqueConstraint("tenant_id", "code_id"),
        sa.UniqueConstraint("tenant_id", "digest"),
        sa.CheckConstraint("state IN ('asked', 'ready', 'failed', 'joined')", name="state"),
        sa.Index("ix_reward_join_asked", "tenant_id", "channel_number", "state", "id"),
    )

    code_id: Mapped[uuid.UUID] = mapped_column(Id)
    channel_number: Mapped[int] = mapped_column(sa.Integer)
    placement_number: Mapped[int] = mapped_column(sa.Integer)
    contact_number: Mapped[int | None] = mapped_column(sa.Integer)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    told: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # sealed
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    welcome_zh: Mapped[str] = mapped_column(sa.String(1000))
    welcome_en: Mapped[str] = mapped_column(sa.String(1000))
    image: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    media_type: Mapped[str] = mapped_column(sa.String(20), default="")
    vendor_id: Mapped[str] = mapped_column(sa.String(500), default="")
    joined_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    joined_at: Mapped[datetime | None] = mapped_column(Instant)
    visitor_digest: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    drop_tries: Mapped[int] = mapped_column(sa.Integer, default=0)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)  # deleted at the vendor; see dropping.py
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class RewardCoupon(TenantRow):
    """One coupon code of a rule, sealed; `payout_id` is the reward it was handed out as."""

    __tablename__ = "reward_coupon"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "rule_id"], ["reward_rule.tenant_id", "reward_rule.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "payout_id"], ["reward_payout.tenant_id", "reward_payout.id"]),
        sa.UniqueConstraint("tenant_id", "rule_id", "digest"),
        sa.UniqueConstraint("tenant_id", "payout_id"),
        sa.Index("ix_reward_coupon_free", "tenant_id", "rule_id", "payout_id", "id"),
    )

    rule_id: Mapped[uuid.UUID] = mapped_column(Id)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    code: Mapped[bytes] = mapped_column(sa.LargeBinary)  # sealed
    payout_id: Mapped[uuid.UUID | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
