"""What a card earned, for who holds its page's address: looked at, and claimed by signing in at the vendor."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.channels.addresses import find_address
from core.channels.service import channel_by_number, settings_of
from core.db import new_id, platform_reading, reading, vault_of, writing
from core.placements.cards import card_code, serials_of
from core.placements.publishing import card_code_of, facts_of
from core.placements.service import placement_by_number
from core.plugin_host import host
from core.rewards.bills import NONCE_CHARACTERS, TOKEN_CHARACTERS, nonce_digest, page_token
from core.rewards.coupons import coupon_of
from core.rewards.models import RewardJoin, RewardPayout
from core.rewards.paying import TABLE
from core.rewards.rules import rules_for
from core.rewards.settling import pay_soon
from core.rewards.states import EARNED, WAITING
from core.sdk.failures import ChannelFailure
from core.sdk.requests import Request
from core.sdk.simulated import lead_browser
from core.sdk.values import Text
from core.tenants.service import tenant_now

SIGN_IN_LIFE = timedelta(minutes=10)
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Earned:
    """What a page shows of one reward."""

    tenant: int
    code_id: uuid.UUID
    brand: str
    kind: str = "none"
    state: str = ""
    reason: str = ""
    amount_minor: int = 0
    is_on_its_way: bool = False
    coupon: str = ""
    hand_over: dict[str, str] = field(default_factory=dict)
    join_state: str = ""
    welcome: Text | None = None


def token_for(tenant: int, code_id: uuid.UUID, *, visitor: str) -> str | None:
    """The page of what a card earned, if this browser redeemed it."""
    with reading(tenant) as session:
        own = vault_of(session).blind_index("visitor", visitor)
        rows = (_payout_of(session, code_id), join_of(session, code_id))
        is_own = any(row is not None and row.visitor_digest == own for row in rows)
        return page_token(session, code_id) if is_own else None


def open_earned(token: str) -> Earned | None:
    """What was earned behind a page's address, or None. Changes nothing."""
    with platform_reading() as session:
        found = find_address(session, "earned", token)
    if found is None:
        return None
    with reading(found.tenant) as session:
        payout, join = _payout_of(session, found.target), join_of(session, found.target)
        earned = Earned(tenant=found.tenant, code_id=found.target, brand=tenant_now(session).name)
        if join is not None:
            welcome = Text(zh=join.welcome_zh, en=join.welcome_en)
            state = "failed" if join.dropped_at else join.state
            earned = replace(earned, join_state=state, welcome=welcome)
        return replace(earned, **_paid(session, payout)) if payout is not None else earned


def open_code(token: str) -> tuple[bytes, str] | None:
    """The picture of the live code behind a page's address, with its media type; None while there is none."""
    with platform_reading() as session:
        found = find_address(session, "earned", token)
    if found is None:
        return None
    with reading(found.tenant) as session:
        join = join_of(session, found.target)
        return (join.image, join.media_type) if join is not None and join.image else None


def sign_in_address(earned: Earned, *, base: str) -> str:
    """The vendor's address that tells who is paid, with both places still open; empty where the channel has none."""
    with reading(earned.tenant) as session:
        code = card_code(session, earned.code_id)
        placement = placement_by_number(session, code.placement_number)
        channel = channel_by_number(session, placement.channel_number)
        (serial,) = serials_of(session, placement, [code.number])
        facts, settings = facts_of(session, placement), settings_of(session, channel)
    try:
        landing = host().call(channel.plugin_key, "landing", facts, card_code_of(serial, base), settings)
    except ChannelFailure:
        return ""
    return landing.sign_in


def begin_sign_in(earned: Earned, token: str, address: str, *, back: str) -> str | None:
    """Where the browser goes to sign in, with a word that works once and for this card alone; None where it need not.

    A second beginning makes the first word void.
    """
    nonce = "".join(secrets.choice(_LETTERS) for _ in range(NONCE_CHARACTERS))
    with writing(earned.tenant) as session:
        payout = _payout_of(session, earned.code_id, is_locked=True)
        if payout is None or payout.state != EARNED or payout.ticket is not None or payout.payee is not None:
            return None
        payout.sign_in_digest, payout.sign_in_at = nonce_digest(nonce), clock.now()
        payout.reason = None
    filled = address.replace("{back}", quote(back, safe="")).replace("{state}", token + nonce)
    return lead_browser(filled)


def end_sign_in(state: str, query: Sequence[tuple[str, str]]) -> str | None:
    """Somebody came back from signing in: keep what the vendor added, and pay. Returns the page's token.

    None, with nothing done, for a word that is not ours; one that was used, or is old, only leads back to the page.
    """
    token, nonce = state[:TOKEN_CHARACTERS], state[TOKEN_CHARACTERS:]
    earned = open_earned(token)
    if earned is None or len(nonce) != NONCE_CHARACTERS:
        return None
    with writing(earned.tenant) as session:
        payout = _payout_of(session, earned.code_id, is_locked=True)
        if payout is not None and _fits(payout, nonce):
            request = Request(id=str(new_id()), received_at=clock.now(), method="GET", query=tuple(query))
            sealed = vault_of(session).seal(TABLE, payout.id, "ticket", request.model_dump_json().encode())
            payout.ticket, payout.sign_in_digest, payout.sign_in_at = sealed, None, None
            session.flush()
            pay_soon(session, payout)
    return token


def _fits(payout: RewardPayout, nonce: str) -> bool:
    if payout.state != EARNED or payout.sign_in_at is None or payout.payee is not None:
        return False
    return payout.sign_in_digest == nonce_digest(nonce) and clock.now() - payout.sign_in_at < SIGN_IN_LIFE


def _payout_of(session: Session, code_id: uuid.UUID, *, is_locked: bool = False) -> RewardPayout | None:
    query = sa.select(RewardPayout).where(RewardPayout.code_id == code_id)
    return session.scalar(query.with_for_update() if is_locked else query)


def join_of(session: Session, code_id: uuid.UUID) -> RewardJoin | None:
    """The live code of a card."""
    return session.scalar(sa.select(RewardJoin).where(RewardJoin.code_id == code_id))


def _paid(session: Session, payout: RewardPayout) -> dict[str, Any]:
    return {
        "kind": payout.kind,
        "state": payout.state,
        "reason": payout.reason or "",
        "amount_minor": payout.amount_minor,
        "is_on_its_way": payout.ticket is not None or payout.payee is not None,
        "coupon": _coupon(session, payout),
        "hand_over": hand_over_of(session, payout),
    }


def _coupon(session: Session, payout: RewardPayout) -> str:
    if payout.kind != "coupon" or payout.state != "succeeded":
        return ""
    own = coupon_of(session, payout)
    if own is not None:
        return own
    rules = rules_for(session, payout.channel_number, payout.placement_number)
    return rules[0].coupon_text if rules else ""


def hand_over_of(session: Session, payout: RewardPayout) -> dict[str, str]:
    """What the person's own app needs to take the money; empty unless it waits for them."""
    if payout.state != WAITING or payout.hand_over is None:
        return {}
    told: dict[str, str] = json.loads(vault_of(session).unseal(TABLE, payout.id, "hand_over", payout.hand_over))
    return told
