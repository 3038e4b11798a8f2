"""At a redemption: what the card earned is drawn, judged against budgets and limits, and written down, once.

All of it in the redemption's own transaction and under a lock of the channel, so that two at the same moment cannot
both take the last of a budget.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.contacts.lookup import family, roots_of
from core.db import vault_of
from core.placements.models import CardCode
from core.rewards.bills import bill_of, open_page
from core.rewards.coupons import hand_out
from core.rewards.drawing import Purse, draw_amount
from core.rewards.models import WHOLE_CHANNEL, RewardPayout, RewardRule
from core.rewards.rules import rules_for
from core.rewards.settling import succeed
from core.rewards.states import COUNTED, EARNED, HELD
from core.tenants.service import tenant_now

OVER_BUDGET, OVER_LIMIT, NO_COUPON = "budget", "person", "no_coupon"


def earn(
    session: Session, code: CardCode, *, channel: int, contact: int | None, visitor: str, at: datetime
) -> str | None:
    """What the redeemed card earns by the channel's rules. Returns the secret part of its page's address, if anything.

    Where a budget or a limit stands against it, the reward is held for the operator, and the card stays redeemed.
    """
    rules = rules_for(session, channel, code.placement_number, is_locked=True)
    if not rules or rules[0].kind == "none":
        return None
    day = at.astimezone(ZoneInfo(tenant_now(session).timezone)).date()
    payout = RewardPayout(
        code_id=code.id,
        channel_number=channel,
        placement_number=code.placement_number,
        contact_number=contact,
        kind=rules[0].kind,
        amount_minor=rules[0].low_minor,
        state=EARNED,
        bill=bill_of(session, code),
        visitor_digest=vault_of(session).blind_index("visitor", visitor) if visitor else None,
        day=day,
        budget_day=day,
        created_at=at,
    )
    _judge(session, payout, rules)
    session.add(payout)
    session.flush()
    _hand_over_coupon(session, payout, rules[0])
    return open_page(session, code.id)


def release(session: Session, payout: RewardPayout) -> None:
    """Let a held or surely unpaid reward be paid after all, if today's budget has room; else it is held again.

    The limit for a person does not stop it any more, by whichever name they sign in: the operator has decided.
    """
    rules = rules_for(session, payout.channel_number, payout.placement_number, is_locked=True)
    payout.budget_day = clock.now().astimezone(ZoneInfo(tenant_now(session).timezone)).date()
    purses = purses_of(session, payout, rules)
    fits = all(purse.left_minor is None or purse.left_minor >= payout.amount_minor for purse in purses)
    payout.state, payout.reason = (EARNED, None) if fits else (HELD, OVER_BUDGET)
    payout.is_let = True
    payout.is_sure, payout.tries, payout.asks, payout.changed_at = False, 0, 0, clock.now()
    if fits and rules:
        _hand_over_coupon(session, payout, rules[0])


def purses_of(session: Session, payout: RewardPayout, rules: list[RewardRule]) -> list[Purse]:
    """The budgets that the payout must fit into: its placement's and its channel's, on the day it would use."""
    return [
        Purse(rule.daily_minor, spent_on(session, rule, payout.budget_day, without=payout))
        for rule in rules
        if rule.daily_minor is not None
    ]


def spent_on(session: Session, rule: RewardRule, day: object, *, without: RewardPayout | None = None) -> int:
    """Minor units that were spent of a rule's budget on a local day, or may yet be."""
    query = sa.select(sa.func.coalesce(sa.func.sum(RewardPayout.amount_minor), 0)).where(
        RewardPayout.channel_number == rule.channel_number,
        RewardPayout.budget_day == day,
        RewardPayout.state.in_(COUNTED),
    )
    if rule.place != WHOLE_CHANNEL:
        query = query.where(RewardPayout.placement_number == rule.place)
    if without is not None and without.id is not None:
        query = query.where(RewardPayout.id != without.id)
    return int(session.scalar(query) or 0)


def has_enough(session: Session, payout: RewardPayout, rules: list[RewardRule]) -> bool:
    """Whether the person, by whichever of their names, has as many rewards of the channel as a rule allows."""
    most = min((rule.per_person for rule in rules if rule.per_person is not None), default=None)
    if most is None:
        return False
    query = sa.select(sa.func.count()).where(
        RewardPayout.channel_number == payout.channel_number, RewardPayout.state.in_(COUNTED)
    )
    same: list[sa.ColumnElement[bool]] = []
    if payout.contact_number is not None:
        roots = roots_of(session, [payout.contact_number]).values()
        same.append(RewardPayout.contact_number.in_(family(session, list(roots))))
    if payout.payee_digest is not None:
        same.append(RewardPayout.payee_digest == payout.payee_digest)
    if payout.id is not None:
        query = query.where(RewardPayout.id != payout.id)
    return bool(same) and (session.scalar(query.where(sa.or_(*same))) or 0) >= most


def _judge(session: Session, payout: RewardPayout, rules: list[RewardRule]) -> None:
    if has_enough(session, payout, rules):
        payout.state, payout.reason = HELD, OVER_LIMIT
        return
    amount = draw_amount(rules[0].low_minor, rules[0].high_minor, purses_of(session, payout, rules))
    if amount is None:
        payout.state, payout.reason = HELD, OVER_BUDGET
    else:
        payout.amount_minor = amount


def _hand_over_coupon(session: Session, payout: RewardPayout, rule: RewardRule) -> None:
    """A coupon is there at once; where none is left, the reward waits for more of them."""
    if payout.kind != "coupon" or payout.state != EARNED:
        return
    if hand_out(session, rule, payout):
        succeed(session, payout)
    else:
        payout.state, payout.reason = HELD, NO_COUPON
