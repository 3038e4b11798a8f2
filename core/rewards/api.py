"""Rewards over HTTP: what cards earn, what became of it, coupon codes, and the door of the brand's own app."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response
from flask_openapi3 import APIBlueprint
from sqlalchemy.orm import Session

from core import clock
from core.audit.service import record as note
from core.channels.models import Channel
from core.channels.service import find_channel
from core.contacts.lookup import public_ids
from core.db import find, reading, writing
from core.errors import NotFound
from core.placements.models import Placement
from core.placements.service import find_placement
from core.rewards import deeds
from core.rewards.claiming import hand_over_of
from core.rewards.coupons import add_coupons, count_coupons, read_codes
from core.rewards.earning import spent_on
from core.rewards.models import RewardPayout, RewardRule
from core.rewards.paying import locked_payout
from core.rewards.rules import Wanted, find_rule, list_rules, set_rule
from core.rewards.settling import settle_by_hand
from core.rewards.shapes import (
    ClaimForm,
    ClaimShown,
    CouponForm,
    PayoutPath,
    PayoutShown,
    PayoutsQuery,
    RuleForm,
    RulePath,
    RuleShown,
    SettleForm,
    show_payout,
)
from core.tenants.currencies import from_minor, to_minor
from core.tenants.service import tenant_now
from core.web import Page, TenantPath, answer, bound_tenant, needs, page_of

api = APIBlueprint("rewards", __name__, url_prefix="/v1/tenants/<tenant>/rewards")


@api.get("/rules")
@needs("rewards:read")
def get_rules(path: TenantPath) -> Response:
    """What the cards of every channel and placement earn."""
    with reading(bound_tenant()) as session:
        return answer(Page[RuleShown](items=[_show_rule(session, rule) for rule in list_rules(session)]))


@api.put("/rules/<channel>")
@needs("rewards:write")
def put_rule(path: RulePath, body: RuleForm) -> Response:
    """Say what cards earn from now on; what was earned before stays."""
    with writing(bound_tenant()) as session:
        channel, placement = _place(session, path.channel, body.placement_id)
        rule = set_rule(session, channel, placement, _wanted(session, body))
        shown = _show_rule(session, rule)
        note(
            session,
            "reward.rule_set",
            f"reward_rule:{rule.id}",
            shown.model_dump(exclude={"coupon_text", "changed_at"}),
        )
        return answer(shown)


@api.post("/rules/<channel>/coupons")
@needs("rewards:write")
def post_coupons(path: RulePath, body: CouponForm) -> Response:
    """Add coupon codes; those that are there already are counted once."""
    codes = read_codes(body.codes)
    with writing(bound_tenant()) as session:
        channel, placement = _place(session, path.channel, body.placement_id)
        rule = find_rule(session, channel, placement)
        if rule is None:
            raise NotFound("Set what these cards earn first.")
        added = add_coupons(session, rule, codes)
        note(session, "reward.coupons_added", f"reward_rule:{rule.id}", {"given": len(codes), "added": added})
        return answer({"given": len(codes), "added": added}, 201)


@api.get("/payouts")
@needs("rewards:read")
def get_payouts(path: TenantPath, query: PayoutsQuery) -> Response:
    """Payouts, newest first, without who was paid."""
    with reading(bound_tenant()) as session:
        channel = find_channel(session, query.channel_id).number if query.channel_id else None
        rows = deeds.list_payouts(
            session, state=query.state, channel=channel, before=query.after(), limit=query.limit + 1
        )
        shown = {row.id: one for row, one in zip(rows, _show_all(session, rows), strict=True)}
        return answer(page_of(rows, query, lambda row: row.id, lambda row: shown[row.id]))


@api.get("/summary")
@needs("rewards:read")
def get_summary(path: TenantPath) -> Response:
    """How many payouts are in each state, with their sums."""
    with reading(bound_tenant()) as session:
        currency = tenant_now(session).currency
        counted = deeds.count_states(session)
        states = {
            state: {"count": count, "amount": str(from_minor(total, currency))}
            for state, (count, total) in counted.items()
        }
        return answer({"states": states, "currency": currency})


@api.get("/payouts/<payout>")
@needs("rewards:read")
def get_payout(path: PayoutPath) -> Response:
    """One payout."""
    with reading(bound_tenant()) as session:
        (shown,) = _show_all(session, [find(session, RewardPayout, path.payout)])
        return answer(shown)


@api.post("/payouts/<payout>/retry")
@needs("rewards:write")
def retry_payout(path: PayoutPath) -> Response:
    """Pay what was held, or for certain not paid."""
    with writing(bound_tenant()) as session:
        return _did(session, deeds.retry(session, path.payout), "retried")


@api.post("/payouts/<payout>/cancel")
@needs("rewards:write")
def cancel_payout(path: PayoutPath) -> Response:
    """Take back what its person has not taken."""
    with writing(bound_tenant()) as session:
        return _did(session, deeds.take_back(session, path.payout), "cancel_asked")


@api.post("/payouts/<payout>/settle")
@needs("rewards:write")
def settle_payout(path: PayoutPath, body: SettleForm) -> Response:
    """Close an unknown payout by what the vendor's console says; nothing is paid."""
    with writing(bound_tenant()) as session:
        payout = locked_payout(session, path.payout)
        settle_by_hand(session, payout, outcome=body.outcome)
        return _did(session, payout, f"settled_{body.outcome}")


@api.post("/claims")
@needs("rewards:write")
def claim_reward(path: TenantPath, body: ClaimForm) -> Response:
    """Your mini-program says who holds the card. Ask again until `hand_over` is there, then let the person confirm."""
    with writing(bound_tenant()) as session:
        payout = deeds.claim(session, token=body.token, serial=body.serial, openid=body.openid, app=body.app_id)
        amount = str(from_minor(payout.amount_minor, tenant_now(session).currency))
        return answer(ClaimShown(state=payout.state, amount=amount, hand_over=hand_over_of(session, payout)))


def _did(session: Session, payout: RewardPayout, what: str) -> Response:
    note(session, f"reward.{what}", f"reward_payout:{payout.id}", {"bill": payout.bill, "amount": payout.amount_minor})
    session.flush()
    (shown,) = _show_all(session, [payout])
    return answer(shown)


def _place(session: Session, channel_id: str, placement_id: str | None) -> tuple[Channel, Placement | None]:
    channel = find_channel(session, channel_id)
    placement = find_placement(session, placement_id) if placement_id else None
    if placement is not None and placement.channel_number != channel.number:
        raise NotFound
    return channel, placement


def _wanted(session: Session, body: RuleForm) -> Wanted:
    currency = tenant_now(session).currency
    return Wanted(
        kind=body.kind,
        low_minor=to_minor(body.low, currency, field="low"),
        high_minor=to_minor(body.high or body.low, currency, field="high"),
        daily_minor=None if body.daily is None else to_minor(body.daily, currency, field="daily"),
        per_person=body.per_person,
        coupon_text=body.coupon_text.strip(),
    )


def _show_rule(session: Session, rule: RewardRule) -> RuleShown:
    tenant = tenant_now(session)
    today = clock.now().astimezone(ZoneInfo(tenant.timezone)).date()
    channel = session.scalars(sa.select(Channel.id).where(Channel.number == rule.channel_number)).one()
    placement = session.scalar(sa.select(Placement.id).where(Placement.number == rule.place))
    coupons, free = count_coupons(session, rule)

    def money(minor: int) -> str:
        return str(from_minor(minor, tenant.currency))

    return RuleShown(
        channel_id=str(channel),
        placement_id=str(placement) if placement else None,
        kind=rule.kind,
        low=money(rule.low_minor),
        high=money(rule.high_minor),
        daily=None if rule.daily_minor is None else money(rule.daily_minor),
        per_person=rule.per_person,
        coupon_text=rule.coupon_text,
        spent_today=money(spent_on(session, rule, today)),
        coupons=coupons,
        coupons_free=free,
        changed_at=rule.changed_at,
    )


def _show_all(session: Session, rows: Sequence[RewardPayout]) -> list[PayoutShown]:
    def ids(model: type[Channel] | type[Placement], numbers: set[int]) -> dict[int, str]:
        query = sa.select(model.number, model.id).where(model.number.in_(numbers))
        return {number: str(row_id) for number, row_id in session.execute(query)}

    channels = ids(Channel, {row.channel_number for row in rows})
    placements = ids(Placement, {row.placement_number for row in rows})
    contacts = public_ids(session, [row.contact_number for row in rows if row.contact_number is not None])
    currency = tenant_now(session).currency
    return [
        show_payout(row, channels=channels, placements=placements, contacts=contacts, currency=currency) for row in rows
    ]
