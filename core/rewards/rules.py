"""What a channel's cards, or those of one placement, earn: kept by the operator, looked up at every redemption."""

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import take_turn
from core.errors import FieldError, Invalid
from core.placements.models import Placement
from core.plugin_host import host
from core.rewards.models import WHOLE_CHANNEL, RewardRule
from core.tenants.service import tenant_now

Kind = Literal["none", "transfer", "coupon"]
CURRENCY = "CNY"


@dataclass(frozen=True)
class Wanted:
    """A rule as the operator wants it."""

    kind: Kind
    low_minor: int = 0
    high_minor: int = 0
    daily_minor: int | None = None
    per_person: int | None = None
    coupon_text: str = ""


def set_rule(session: Session, channel: Channel, placement: Placement | None, wanted: Wanted) -> RewardRule:
    """Make or change the rule of a channel or of one placement; what was earned before stays as it is.

    Raises:
        Invalid: amounts that the vendor does not pay, a brand without yuan, a channel that cannot pay.
    """
    _refuse_impossible(session, channel, wanted)
    take_turn(session)
    place = placement.number if placement else WHOLE_CHANNEL
    rule = _rule_at(session, channel.number, place)
    if rule is None:
        rule = RewardRule(channel_number=channel.number, place=place)
        session.add(rule)
    rule.kind, rule.low_minor, rule.high_minor = wanted.kind, wanted.low_minor, wanted.high_minor
    rule.daily_minor, rule.per_person = wanted.daily_minor, wanted.per_person
    rule.coupon_text, rule.changed_at = wanted.coupon_text, clock.now()
    session.flush()
    return rule


def find_rule(session: Session, channel: Channel, placement: Placement | None) -> RewardRule | None:
    """The rule of just this channel or placement."""
    return _rule_at(session, channel.number, placement.number if placement else WHOLE_CHANNEL)


def list_rules(session: Session) -> list[RewardRule]:
    """All rules, those of whole channels first."""
    return list(session.scalars(sa.select(RewardRule).order_by(RewardRule.channel_number, RewardRule.place)))


def rules_for(session: Session, channel: int, placement: int, *, is_locked: bool = False) -> list[RewardRule]:
    """The rules that bear on a card: the placement's own first, which says what is earned, then the channel's.

    `is_locked` keeps others of this channel waiting until the transaction ends: budgets are judged under it.
    """
    query = (
        sa.select(RewardRule)
        .where(RewardRule.channel_number == channel, RewardRule.place.in_((WHOLE_CHANNEL, placement)))
        .order_by(RewardRule.place.desc())
        .execution_options(populate_existing=is_locked)
    )
    if is_locked:
        # One row stands for the channel: locking the rules one after the other could wait in a circle.
        session.scalar(sa.select(Channel.id).where(Channel.number == channel).with_for_update())
    return list(session.scalars(query))


def _rule_at(session: Session, channel: int, place: int) -> RewardRule | None:
    query = sa.select(RewardRule).where(RewardRule.channel_number == channel, RewardRule.place == place)
    return session.scalar(query)


def _refuse_impossible(session: Session, channel: Channel, wanted: Wanted) -> None:
    problems: list[FieldError] = []
    if wanted.high_minor < wanted.low_minor:
        problems.append(FieldError("high", "below_low", "The highest amount is below the lowest."))
    if wanted.kind == "transfer":
        problems += _find_transfer_problems(session, channel, wanted)
    if problems:
        raise Invalid(fields=problems)


def _find_transfer_problems(session: Session, channel: Channel, wanted: Wanted) -> list[FieldError]:
    manifest = host().manifests.get(channel.plugin_key)
    if manifest is None or "reward" not in manifest.capabilities:
        return [FieldError("kind", "cannot_pay", "This channel's plugin pays nothing; choose a coupon.")]
    if tenant_now(session).currency != CURRENCY:
        return [FieldError("kind", "other_currency", f"Money is paid in {CURRENCY}, and this brand reckons otherwise.")]
    problems = []
    bounds = {limit.name: round(limit.value * 100) for limit in manifest.limits if limit.unit == CURRENCY}
    lowest, below = bounds.get("payout_lowest", 1), bounds.get("payout_below")
    if wanted.low_minor < lowest:
        problems.append(FieldError("low", "too_low", f"The vendor pays {lowest / 100:.2f} yuan and more."))
    if below is not None and wanted.high_minor >= below:
        said = f"From {below / 100:.0f} yuan on the vendor wants the person's real name: stay below."
        problems.append(FieldError("high", "too_high", said))
    return problems


def channel_of(session: Session, rule: RewardRule) -> Channel:
    """The channel that a rule belongs to."""
    return channel_by_number(session, rule.channel_number)
