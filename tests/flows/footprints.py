"""What a brand has in its books, in words that brands share: no ids of our own, no names that are drawn by lot."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.models import Contact, RelationChange
from core.contacts.opening import identities_of
from core.contacts.relations import people_who_left
from core.db import reading
from core.deliveries.models import Delivery
from core.jobs.runner import run_pending
from core.orders.models import Order
from core.placements.models import Placement, PlacementCost
from core.rewards.models import RewardJoin, RewardPayout
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient

Footprint = dict[str, list[Any]]
DRAWN = ("cookie", "anonymous_id")


def footprint_of(client: RoleClient, tenant: Tenant) -> Footprint:
    """The facts of a brand, and the credits of each channel and placement over its November."""
    run_pending()
    body = {"from": "2026-11-01", "to": "2026-12-01", "lookback_days": 30}
    run = client.post("/attribution/runs", json=body).get_json()["id"]
    run_pending()
    found = {f"credits by {by}": credits_of(client, run, by) for by in ("channel", "placement")}
    with reading(tenant.number) as session:
        return facts_of(session) | found


def credits_of(client: RoleClient, run: str, by: str) -> list[Any]:
    """Every model's row, without the keys that are ids."""
    rows = client.get(f"/attribution/credits?run={run}&by={by}").get_json()["rows"]
    return sorted(({name: value for name, value in row.items() if name != "key"} for row in rows), key=str)


def facts_of(session: Session) -> Footprint:
    """People, touches, orders, messages, payouts, joinings and costs."""
    places = {row.number: row.name for row in session.scalars(sa.select(Placement))}
    channels = {row.number: row.name for row in session.scalars(sa.select(Channel))}
    people = list(session.scalars(sa.select(Contact)))
    who = _names(session, people)

    def where(channel: int | None, placement: int | None) -> str:
        return f"{channels.get(channel or 0, '')} / {places.get(placement or 0, '')}"

    return {
        "people": _rows(people, lambda row: (who(row.number), row.joined_at, row.origin_at,
                                             where(row.origin_channel_number, row.origin_placement_number))),
        "touches": _rows(session.scalars(sa.select(Touchpoint)), lambda row: (
            row.kind, row.at, row.is_bot, who(row.contact_number), where(row.channel_number, row.placement_number))),
        "orders": _rows(session.scalars(sa.select(Order)), lambda row: (
            row.order_no, row.state, row.amount_minor, row.refunded_minor, row.placed_at, who(row.contact_number),
            where(row.channel_number, row.placement_number))),
        "deliveries": _rows(session.scalars(sa.select(Delivery)), lambda row: (
            who(row.contact_number), row.state, row.reason)),
        "payouts": _rows(session.scalars(sa.select(RewardPayout)), lambda row: (
            who(row.contact_number), row.kind, row.amount_minor, row.state, row.reason, row.round, row.is_sure)),
        "joins": _rows(session.scalars(sa.select(RewardJoin)), lambda row: (
            who(row.contact_number), row.state, row.joined_at)),
        "relations": _rows(session.scalars(sa.select(RelationChange)), lambda row: (
            row.state, row.by, row.account, row.at)),
        "left": _rows(people_who_left(session), lambda number: (who(number),)),
        "costs": _rows(session.scalars(sa.select(PlacementCost)), lambda row: (
            row.amount_minor, places[row.placement_number])),
    }  # fmt: skip


def _names(session: Session, people: list[Contact]) -> Callable[[int | None], str]:
    roots = {row.number: row.root for row in people}
    named = identities_of(session, set(roots.values()))

    def who(number: int | None) -> str:
        known = named[roots[number]] if number else []
        return " ".join(sorted(f"{one.kind}:{one.app}:{one.value}" for one in known if one.kind not in DRAWN))

    return who


def _rows(found: Any, shape: Callable[[Any], tuple[Any, ...]]) -> list[Any]:  # rows of any table
    return sorted((shape(row) for row in found), key=str)
