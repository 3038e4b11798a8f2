"""What an operator, or the brand's own app, does with payouts: list, pay again, take back, close, name the payee."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.addresses import find_address
from core.db import parse_id, tenant_of
from core.errors import Conflict, NotFound
from core.rewards.earning import release
from core.rewards.models import RewardPayout
from core.rewards.paying import digest_of, locked_payout, name_payee
from core.rewards.settling import may_be_retried, next_bill, pay_soon, submit_cancel
from core.rewards.states import EARNED, WAITING
from core.sdk import IdentityClaim
from core.sdk.serials import read_serial


def list_payouts(
    session: Session, *, state: str | None, channel: int | None, before: str | None, limit: int
) -> list[RewardPayout]:
    """Payouts, newest first."""
    query = sa.select(RewardPayout).order_by(RewardPayout.id.desc()).limit(limit)
    if state is not None:
        query = query.where(RewardPayout.state == state)
    if channel is not None:
        query = query.where(RewardPayout.channel_number == channel)
    if before is not None:
        query = query.where(RewardPayout.id < parse_id(before))
    return list(session.scalars(query))


def count_states(session: Session) -> Mapping[str, tuple[int, int]]:
    """How many payouts are in each state, and their sum in minor units."""
    query = sa.select(
        RewardPayout.state, sa.func.count(), sa.func.coalesce(sa.func.sum(RewardPayout.amount_minor), 0)
    ).group_by(RewardPayout.state)
    return {state: (int(count), int(total)) for state, count, total in session.execute(query)}


def retry(session: Session, payout_id: str) -> RewardPayout:
    """Let a held reward, or one that was for certain not paid, be paid after all.

    Raises:
        Conflict: it may have been paid.
    """
    payout = locked_payout(session, payout_id)
    if not may_be_retried(payout):
        raise Conflict(f"The payout is {payout.state}, and nobody knows for certain that it was not paid.")
    if payout.is_closed:
        next_bill(session, payout)
    release(session, payout)
    if payout.state == EARNED and payout.payee is not None:
        pay_soon(session, payout)
    return payout


def take_back(session: Session, payout_id: str) -> RewardPayout:
    """Have the vendor take back what nobody has taken yet.

    Raises:
        Conflict: it does not wait for anybody.
    """
    payout = locked_payout(session, payout_id)
    if payout.state != WAITING:
        raise Conflict(f"The payout is {payout.state}; only one that waits for its person can be taken back.")
    submit_cancel(session, payout)
    return payout


def claim(session: Session, *, token: str | None, serial: str | None, openid: str, app: str) -> RewardPayout:
    """The brand's own app says who holds the card. Saying it again changes nothing.

    Raises:
        NotFound: no such page or card of this brand, or it earned nothing.
        Conflict: somebody else has claimed it.
    """
    payout = locked_payout(session, _find(session, token, serial))
    known = IdentityClaim(kind="openid", value=openid, app=app)
    before = payout.payee_digest
    if before is None:
        name_payee(session, payout, known)
    elif before != digest_of(session, known):
        raise Conflict("This reward has been claimed by somebody else.")
    if payout.state == EARNED:
        pay_soon(session, payout)
    return payout


def _find(session: Session, token: str | None, serial: str | None) -> str:
    canonical = read_serial(serial) if serial else None
    found = find_address(session, "earned", token) if token else None
    if found is None and canonical is not None:
        found = find_address(session, "card", canonical)
    if found is None or found.tenant != tenant_of(session):
        raise NotFound
    payout = session.scalar(sa.select(RewardPayout.id).where(RewardPayout.code_id == found.target))
    if payout is None:
        raise NotFound
    return str(payout)
