"""One payout on its way out, in steps that a crash may interrupt anywhere without money paid twice.

Who signed in is asked first. Then the payout becomes `intended`, the plugin pays outside of any transaction, and the
outcome is written. A job that finds its own payout `intended` died in between: it becomes unknown, and is asked about.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core import clock
from core.channels.service import channel_by_number, settings_of
from core.db import parse_id, vault_of
from core.errors import NotFound
from core.jobs.running import RunningJob, Step
from core.logs import logger
from core.plugin_host import host
from core.rewards.earning import OVER_LIMIT, has_enough
from core.rewards.models import RewardPayout
from core.rewards.rules import CURRENCY, rules_for
from core.rewards.settling import ask_soon, close_sent, move, pay_soon
from core.rewards.states import EARNED, FAILED, HELD, INTENDED, SUCCEEDED, UNKNOWN, WAITING
from core.sdk import IdentityClaim, Outcome, Payout
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Request

log = logger(__name__)
MOST_TRIES = 5
WAIT_SECONDS = 30.0
ASK_AFTER = 10.0
TABLE = "reward_payout"


@dataclass(frozen=True)
class Errand:
    """What one call of a plugin needs once the transaction is closed."""

    plugin_key: str
    settings: Mapping[str, JsonValue]
    ticket: Request | None = None
    payout: Payout | None = None


def pay(job: RunningJob) -> None:
    """Find out who is paid, if that is open, and pay."""
    errand = _begin(job)
    if errand is not None and errand.ticket is not None:
        errand = _ask_payee(job, errand, errand.ticket)
    if errand is not None and errand.payout is not None:
        (outcome,) = host().call(errand.plugin_key, "reward", [errand.payout], errand.settings)
        _record(job, outcome)


def payout_of(step: Step, job: RunningJob) -> RewardPayout:
    """The row that a job is about, which nobody else changes before this step ends."""
    return locked_payout(step.session, str(job.args["payout"]))


def locked_payout(session: Session, payout_id: str) -> RewardPayout:
    """A payout that others leave alone until the transaction ends. Raises `NotFound`."""
    query = sa.select(RewardPayout).where(RewardPayout.id == parse_id(payout_id)).with_for_update()
    payout = session.scalar(query)
    if payout is None:
        raise NotFound
    return payout


def name_payee(session: Session, payout: RewardPayout, claim: IdentityClaim) -> None:
    """Keep who is paid, sealed; whoever has enough rewards under another name gets no further one."""
    payout.payee = vault_of(session).seal(TABLE, payout.id, "payee", claim.model_dump_json().encode())
    payout.payee_digest = digest_of(session, claim)
    rules = rules_for(session, payout.channel_number, payout.placement_number, is_locked=True)
    if payout.state == EARNED and not payout.is_let and has_enough(session, payout, rules):
        payout.state, payout.reason = HELD, OVER_LIMIT


def digest_of(session: Session, claim: IdentityClaim) -> bytes:
    """What an equal payee is known again by."""
    return vault_of(session).blind_index("payee", f"{claim.kind}:{claim.app}:{claim.value}")


def _begin(job: RunningJob) -> Errand | None:
    with job.step() as step:
        payout = payout_of(step, job)
        if payout.state == INTENDED and payout.job_id == job.id:
            close_sent([payout])
            ask_soon(step.session, payout, seconds=ASK_AFTER)
        if payout.state != EARNED or payout.kind != "transfer":
            step.finish({"state": payout.state})
            return None
        if payout.payee is None and payout.ticket is None:
            step.finish({"waits": "nobody has signed in yet"})
            return None
        return _errand(step.session, payout) if payout.payee is None else _intend(step.session, payout, job)


def _errand(session: Session, payout: RewardPayout) -> Errand:
    """Take the ticket, which works once."""
    assert payout.ticket is not None
    ticket = vault_of(session).unseal(TABLE, payout.id, "ticket", payout.ticket)
    payout.ticket = None
    channel = channel_by_number(session, payout.channel_number)
    request = Request.model_validate_json(ticket)
    return Errand(channel.plugin_key, dict(settings_of(session, channel)), ticket=request)


def _ask_payee(job: RunningJob, errand: Errand, ticket: Request) -> Errand | None:
    try:
        claim = host().call(errand.plugin_key, "payee", ticket, errand.settings)
    except ChannelFailure as failure:
        log.warning("the plugin %s does not know who signed in: %s", errand.plugin_key, failure.kind)
        with job.step() as step:
            payout = payout_of(step, job)
            payout.reason = failure.code[:200] or failure.kind
            step.finish({"payee": failure.kind})
        return None
    with job.step() as step:
        payout = payout_of(step, job)
        name_payee(step.session, payout, claim)
        if payout.state != EARNED:
            step.finish({"state": payout.state})
            return None
        return _intend(step.session, payout, job)


def _intend(session: Session, payout: RewardPayout, job: RunningJob) -> Errand:
    assert payout.payee is not None
    to = IdentityClaim.model_validate_json(vault_of(session).unseal(TABLE, payout.id, "payee", payout.payee))
    payout.state, payout.job_id, payout.sent_at = INTENDED, job.id, clock.now()
    payout.tries, payout.reason, payout.changed_at = payout.tries + 1, None, clock.now()
    channel = channel_by_number(session, payout.channel_number)
    bill = Payout(key=payout.bill, to=to, amount_minor=payout.amount_minor, currency=CURRENCY)
    return Errand(channel.plugin_key, dict(settings_of(session, channel)), payout=bill)


def _record(job: RunningJob, outcome: Outcome) -> None:
    with job.step() as step:
        session, payout = step.session, payout_of(step, job)
        if payout.state == INTENDED or payout.state == UNKNOWN:
            _take(session, payout, outcome)
        if payout.state == WAITING and outcome.hand_over and payout.hand_over is None:
            plain = json.dumps(outcome.hand_over).encode()
            payout.hand_over = vault_of(session).seal(TABLE, payout.id, "hand_over", plain)
        step.finish({"state": payout.state})


def _take(session: Session, payout: RewardPayout, outcome: Outcome) -> None:
    failure = outcome.failure
    why = (failure.code or failure.message)[:200] if failure else None
    payout.provider_id = payout.provider_id or outcome.provider_id
    if failure and failure.may_be_retried and payout.state == INTENDED and payout.tries < MOST_TRIES:
        payout.state, payout.reason, payout.changed_at = EARNED, why, clock.now()
        pay_soon(session, payout, seconds=max(WAIT_SECONDS, failure.retry_after or 0))
    elif outcome.state == "unknown":
        move(session, payout, UNKNOWN, reason=why)
        ask_soon(session, payout, seconds=ASK_AFTER)
    elif outcome.state == "failed":
        move(session, payout, FAILED, reason=why, is_sure=True)
    else:
        move(session, payout, WAITING if outcome.state == "accepted" else SUCCEEDED, reason=None)
