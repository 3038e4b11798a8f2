"""What was recorded since a position, as facts."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.models import Channel
from core.contacts.lookup import public_ids, roots_of
from core.contacts.models import Erasure, MergeLog
from core.db import TenantRow, among
from core.lake.feed import FEEDS, Position, open_feeds
from core.orders.models import Order, OrderChange
from core.outgoing.wording import Names, tell_change, tell_erasure, tell_merge, tell_order, tell_touch
from core.placements.models import Placement
from core.sdk.facts import Fact
from core.tenants.service import tenant_now
from core.touchpoints.models import Touchpoint

Row = TypeVar("Row", bound=TenantRow)
Positions = Mapping[str, Position | None]


@dataclass(frozen=True, slots=True)
class FactRange:
    """Facts in the order in which they were recorded, feed by feed; is_last: nothing more is settled."""

    facts: tuple[Fact, ...]
    reached: Positions
    is_last: bool


def newest_positions(session: Session) -> dict[str, Position | None]:
    """Where one stands who wants to hear only of what comes next."""
    feeds = open_feeds(session)
    return {name: feeds.newest(name) for name in FEEDS}


def read_facts(session: Session, after: Positions, *, limit: int) -> FactRange:
    """At most `limit` facts of each feed behind the positions."""
    feeds = open_feeds(session)
    rows: dict[str, Sequence[Any]] = {}
    reached: dict[str, Position | None] = {}
    is_last = True
    for name, model in FEEDS.items():
        position = after.get(name)
        standing = None if position is None else feeds.standing(name, position) or feeds.newest(name)
        found = feeds.after(name, standing, limit=limit, columns=())
        rows[name] = _rows(session, model, found.columns["place_id"].tolist())
        reached[name] = found.reached
        is_last = is_last and not found.is_full
    return FactRange(tuple(_told(session, rows)), reached, is_last)


def _rows(session: Session, model: type[Row], words: Sequence[Sequence[int]]) -> list[Row]:
    ids = [uuid.UUID(int=(high << 64) | low) for high, low in words]
    found = {row.id: row for row in session.scalars(sa.select(model).where(among(session, model.id, ids)))}
    return [found[row_id] for row_id in ids]


def _told(session: Session, rows: Mapping[str, Sequence[Any]]) -> Iterable[Fact]:
    touches: Sequence[Touchpoint] = [row for row in rows["touchpoint"] if not row.is_bot]
    orders: Sequence[Order] = rows["orders"]
    changes: Sequence[OrderChange] = rows["order_change"]
    merges: Sequence[MergeLog] = [row for row in rows["merge_log"] if row.kind in ("merged", "undone")]
    erasures: Sequence[Erasure] = rows["erasure"]
    wanted = among(session, Order.id, [change.order_id for change in changes])
    changed = {order.id: order for order in session.scalars(sa.select(Order).where(wanted))}
    contacts: set[int] = set()
    for found in (touches, orders, changed.values(), erasures):
        contacts.update(row.contact_number for row in found)
    names = _names(session, contacts | {number for row in merges for number in (row.winner, row.loser)})
    yield from (tell_touch(names, row) for row in touches)
    yield from (tell_order(names, row) for row in orders)
    yield from (tell_change(names, row, changed[row.order_id]) for row in changes)
    yield from (tell_merge(names, row) for row in merges)
    yield from (tell_erasure(names, row) for row in erasures)


def _names(session: Session, contacts: Iterable[int]) -> Names:
    root = roots_of(session, sorted(contacts))
    ids = public_ids(session, {*root, *root.values()})
    tenant = tenant_now(session)
    return Names(
        tenant=str(tenant.id),
        contacts=ids,
        people={number: ids[person] for number, person in root.items()},
        channels={row.number: (str(row.id), row.name) for row in session.scalars(sa.select(Channel))},
        placements={n: str(row_id) for n, row_id in session.execute(sa.select(Placement.number, Placement.id))},
    )
