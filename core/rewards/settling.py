"""What vendors and operators say became of payouts: each moves forward or not at all, and costs once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.db import tenant_of
from core.errors import Conflict
from core.jobs.service import submit
from core.placements.cards import card_code
from core.placements.costs import NewCost, record_costs
from core.rewards.bills import bill_of
from core.rewards.models import RewardPayout
from core.rewards.states import (
    BY_HAND,
    CANCELLED,
    EARNED,
    FAILED,
    HELD,
    INTENDED,
    RANK,
    SUCCEEDED,
    TAKEN_BACK,
    UNKNOWN,
    VENDOR_STATES,
    WAITING,
    moves,
)
from core.sdk.events import Event, Receipt

ABSENT = "absent"
NO_HAND_OVER = "nothing_to_show"
"""Found waiting at the vendor after its answer was lost: what the person's app needs was in that answer alone."""


def pay_soon(session: Session, payout: RewardPayout, *, seconds: float = 0) -> None:
    """Have a worker pay it, if it is to be paid and its payee is known or has just signed in."""
    _submit(session, "rewards.pay", payout, seconds)


def ask_soon(session: Session, payout: RewardPayout, *, seconds: float) -> None:
    """Have a worker ask the vendor about it."""
    _submit(session, "rewards.ask", payout, seconds)


def submit_cancel(session: Session, payout: RewardPayout) -> None:
    """Have a worker take it back."""
    _submit(session, "rewards.cancel", payout, 0)


def settle_receipts(session: Session, channel: int, events: Iterable[Event]) -> list[Receipt]:
    """Apply the receipts that are about payouts of a channel, in whatever order; returns those that are not."""
    receipts = [event for event in events if isinstance(event, Receipt)]
    wanted = {receipt.key for receipt in receipts if receipt.key}
    query = sa.select(RewardPayout).where(RewardPayout.channel_number == channel, RewardPayout.bill.in_(wanted))
    payouts = {row.bill: row for row in session.scalars(query.with_for_update())} if wanted else {}
    for receipt in sorted(receipts, key=_rank):
        if (payout := payouts.get(receipt.key or "")) is not None and payout.bill == receipt.key:
            _apply(session, payout, receipt)
    return [receipt for receipt in receipts if receipt.key not in payouts]


def move(session: Session, payout: RewardPayout, state: str, *, reason: str | None, is_sure: bool = False) -> bool:
    """Move a payout forward, if `state` is forward. Money that has arrived is a cost of the placement."""
    if not moves(payout.state, state, reason=payout.reason):
        return False
    payout.state, payout.reason, payout.changed_at = state, reason and reason[:200], clock.now()
    payout.is_sure = is_sure
    if state == SUCCEEDED:
        succeed(session, payout)
    return True


def succeed(session: Session, payout: RewardPayout) -> None:
    """It has arrived: its cost is told once, on the day it was earned, whenever the news comes."""
    payout.state, payout.hand_over, payout.changed_at = SUCCEEDED, None, clock.now()
    if payout.amount_minor:
        key = f"reward:{payout.code_id}"
        record_costs(session, [NewCost(payout.placement_number, payout.day, payout.amount_minor, key)])


def settle_by_hand(session: Session, payout: RewardPayout, *, outcome: Literal["succeeded", "failed"]) -> None:
    """An operator has asked the vendor about an unknown payout. Nothing is paid because of this.

    Raises:
        Conflict: it is not unknown.
    """
    if payout.state != UNKNOWN:
        raise Conflict(f"The payout is {payout.state}; only an unknown one is closed by hand.")
    move(session, payout, outcome, reason=BY_HAND)


def next_bill(session: Session, payout: RewardPayout) -> None:
    """The vendor has ended the bill unpaid: the next attempt has a number of its own."""
    payout.round += 1
    payout.bill = bill_of(session, card_code(session, payout.code_id), rounds=payout.round)
    payout.is_closed, payout.provider_id, payout.hand_over = False, None, None


def may_be_retried(payout: RewardPayout) -> bool:
    """Whether an operator may let it be paid: it was held, or for certain not paid."""
    return payout.state == HELD or (payout.state in (FAILED, CANCELLED) and payout.is_sure)


def _apply(session: Session, payout: RewardPayout, receipt: Receipt) -> None:
    payout.provider_id = payout.provider_id or receipt.provider_id
    if receipt.state == ABSENT:
        if payout.state in (UNKNOWN, INTENDED):
            move(session, payout, FAILED, reason=receipt.code or ABSENT, is_sure=True)
        return
    state = VENDOR_STATES[receipt.state]
    if receipt.state == "failed" and receipt.code == TAKEN_BACK:
        state = CANCELLED
    is_end = state in (FAILED, CANCELLED)
    was_unshown = payout.reason == NO_HAND_OVER
    if not move(session, payout, state, reason=receipt.code or receipt.reason or None, is_sure=is_end):
        return
    payout.is_closed = is_end
    if state == WAITING and payout.hand_over is None:
        payout.reason = NO_HAND_OVER
        submit_cancel(session, payout)
    elif state == CANCELLED and was_unshown:
        next_bill(session, payout)
        payout.state, payout.reason, payout.is_sure = EARNED, None, False
        pay_soon(session, payout)


def _rank(receipt: Receipt) -> int:
    """Of several about one payout the furthest counts."""
    return RANK.get(VENDOR_STATES.get(receipt.state, ""), 0)


def _submit(session: Session, kind: str, payout: RewardPayout, seconds: float) -> None:
    tenant, args = tenant_of(session), {"payout": str(payout.id)}
    when = clock.now() + timedelta(seconds=seconds)
    submit(session, kind, args, tenant_id=tenant, coalesce=str(payout.id), not_before=when)


def close_sent(payouts: Sequence[RewardPayout]) -> None:
    """After a crash nobody knows whether these left: they become unknown, and are never sent again."""
    for payout in payouts:
        payout.state, payout.reason, payout.changed_at = UNKNOWN, "process_died", clock.now()
