"""Asking the vendor what became of payouts: often at first, then ever more rarely; and taking back."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.service import channel_by_number, settings_of
from core.db import across_tenants, platform_writing, vault_of
from core.jobs.running import RunningJob, Step
from core.jobs.service import submit
from core.plugin_host import host
from core.rewards.models import RewardPayout
from core.rewards.paying import TABLE, Errand, payout_of
from core.rewards.settling import close_sent, settle_receipts
from core.rewards.states import INTENDED, OPEN, UNKNOWN, WAITING
from core.sdk import IdentityClaim, Sought

GAPS = tuple(
    timedelta(seconds=seconds) for seconds in (10, 120, 600, 3_600, 6 * 3_600, 25 * 3_600, 73 * 3_600, 28 * 86_400)
)
"""How long after a payout was sent it is asked about, time by time. A bill nobody takes ends after a day."""

GROUP = "reward"
CUT_OFF = timedelta(minutes=10)
"""A call takes two minutes at most: what is still `intended` then has lost its worker."""


def submit_due_questions() -> None:
    """A question for every payout that is due for one."""
    now = clock.now()
    due = sa.or_(
        *(sa.and_(RewardPayout.asks == asks, RewardPayout.sent_at <= now - gap) for asks, gap in enumerate(GAPS))
    )
    is_lost = sa.and_(RewardPayout.state == INTENDED, RewardPayout.sent_at <= now - CUT_OFF)
    with across_tenants() as session:
        query = sa.select(RewardPayout.tenant_id, RewardPayout.id).where(
            sa.or_(sa.and_(RewardPayout.state.in_((UNKNOWN, WAITING)), due), is_lost)
        )
        rows = session.execute(query.order_by(RewardPayout.sent_at).limit(2_000)).all()
    with platform_writing() as session:
        for tenant, payout in rows:
            submit(session, "rewards.ask", {"payout": str(payout)}, tenant_id=tenant, coalesce=str(payout))


def ask(job: RunningJob) -> None:
    """Ask about one payout."""
    _call(job, "lookup")


def cancel(job: RunningJob) -> None:
    """Take one payout back, if nobody has taken it yet."""
    _call(job, "cancel")


def _call(job: RunningJob, verb: str) -> None:
    with job.step() as step:
        prepared = _prepare(step, job)
        if prepared is None:
            step.finish()
            return
    errand, sought = prepared
    name = errand.plugin_key
    if verb == "cancel":
        events = host().call(name, "cancel", [sought], errand.settings)
    else:
        events = host().call(name, "lookup", [sought], errand.settings)
    with job.step() as step:
        payout = payout_of(step, job)
        settle_receipts(step.session, payout.channel_number, events)
        step.finish({"state": payout.state})


def _prepare(step: Step, job: RunningJob) -> tuple[Errand, Sought] | None:
    session, payout = step.session, payout_of(step, job)
    now = clock.now()
    if payout.state == INTENDED and payout.sent_at is not None and payout.sent_at <= now - CUT_OFF:
        close_sent([payout])
    if payout.state not in OPEN or payout.state == INTENDED or payout.payee is None or payout.sent_at is None:
        return None
    age = now - payout.sent_at
    payout.asks = max(payout.asks + 1, sum(gap <= age for gap in GAPS))
    channel = channel_by_number(session, payout.channel_number)
    return Errand(channel.plugin_key, dict(settings_of(session, channel))), sought_of(session, payout)


def sought_of(session: Session, payout: RewardPayout) -> Sought:
    """The payout as a plugin is asked about it."""
    assert payout.payee is not None and payout.sent_at is not None
    to = IdentityClaim.model_validate_json(vault_of(session).unseal(TABLE, payout.id, "payee", payout.payee))
    return Sought(key=payout.bill, to=to, group=GROUP, provider_id=payout.provider_id, sent_at=payout.sent_at)
