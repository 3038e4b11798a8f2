"""Reward rules and payouts as the API takes and shows them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from core.rewards.models import RewardPayout
from core.rewards.settling import may_be_retried
from core.tenants.currencies import from_minor
from core.web import Body, PageQuery, TenantPath

Amount = Annotated[str, Field(max_length=30)]
State = Literal["earned", "held", "intended", "unknown", "waiting", "failed", "cancelled", "succeeded"]


def _refuse_unstorable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds characters that cannot be stored")
    return text


Plain = Annotated[str, AfterValidator(_refuse_unstorable)]


class RulePath(TenantPath):
    """The rule of one channel, and of its placements."""

    channel: str = Field(max_length=64)


class PayoutPath(TenantPath):
    """One payout."""

    payout: str = Field(max_length=64)


class PayoutsQuery(PageQuery):
    """Payouts of one state or all, of one channel or all."""

    state: State | None = None
    channel_id: str | None = Field(None, max_length=64)


class RuleForm(Body):
    """What cards earn. Amounts are in the brand's currency; a coupon's is what one costs you.

    `daily` is the most that may be spent on one day, `per_person` how many one person may have; without them there is
    no limit. Without `placement_id` it concerns the whole channel.
    """

    placement_id: str | None = Field(None, max_length=64)
    kind: Literal["none", "transfer", "coupon"]
    low: Amount = "0"
    high: Amount | None = None
    daily: Amount | None = None
    per_person: int | None = Field(None, ge=1, le=1_000)
    coupon_text: Plain = Field("", max_length=500)


class CouponForm(Body):
    """Coupon codes as a CSV: one a line, or a column headed `code` or 券码."""

    placement_id: str | None = Field(None, max_length=64)
    codes: Plain = Field(min_length=1, max_length=900_000)


class SettleForm(Body):
    """What WeChat Pay said of an unknown payout when somebody asked there."""

    outcome: Literal["succeeded", "failed"]


class ClaimForm(Body):
    """The page's token (the last part of its address) or the card's serial, and who is paid, as your app knows them."""

    token: Plain | None = Field(None, max_length=60)
    serial: Plain | None = Field(None, max_length=100)
    openid: Plain = Field(min_length=1, max_length=128)
    app_id: Plain = Field(min_length=1, max_length=100)


class RuleShown(BaseModel):
    """A rule with what was spent of its budget today."""

    channel_id: str
    placement_id: str | None
    kind: str
    low: str
    high: str
    daily: str | None
    per_person: int | None
    coupon_text: str
    spent_today: str
    coupons: int
    coupons_free: int
    changed_at: datetime


class PayoutShown(BaseModel):
    """A payout without whoever is paid; `bill` is the number that the vendor knows it by."""

    id: str
    channel_id: str
    placement_id: str
    contact_id: str | None
    kind: str
    amount: str
    state: str
    reason: str | None
    bill: str
    provider_id: str | None
    may_be_retried: bool
    day: date
    sent_at: datetime | None
    changed_at: datetime
    created_at: datetime


class ClaimShown(BaseModel):
    """How a claimed reward stands; `hand_over` is what your app gives to `wx.requestMerchantTransfer`."""

    state: str
    amount: str
    hand_over: dict[str, str]


def show_payout(
    row: RewardPayout,
    *,
    channels: Mapping[int, str],
    placements: Mapping[int, str],
    contacts: Mapping[int, str],
    currency: str,
) -> PayoutShown:
    """A payout for its page."""
    return PayoutShown(
        id=str(row.id),
        channel_id=channels[row.channel_number],
        placement_id=placements[row.placement_number],
        contact_id=contacts.get(row.contact_number or 0),
        kind=row.kind,
        amount=str(from_minor(row.amount_minor, currency)),
        state=row.state,
        reason=row.reason,
        bill=row.bill,
        provider_id=row.provider_id,
        may_be_retried=may_be_retried(row),
        day=row.day,
        sent_at=row.sent_at,
        changed_at=row.changed_at,
        created_at=row.created_at,
    )
