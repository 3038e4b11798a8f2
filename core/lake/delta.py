"""The next piece of work for the lake: new facts, and contacts whose facts must be read anew.

A merge, an undo, a refund, a cancellation or an erasure makes its contacts *dirty*: what the lake holds of them is
dropped and all their facts are read again, up to the same positions. So a flush and a rebuild end in the same rows.
Where one of them is erased, all orders of erased people are read again (nobodys.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.contacts.models import Contact, Erasure, MergeLog
from core.lake.columns import Arrays
from core.lake.facts import KIND_CODES, NO_PLACEMENT, OrderFacts, TouchFacts, join, no_orders, no_touches
from core.lake.feed import FEEDS, Feeds, Position, open_feeds
from core.lake.nobodys import erased_contacts, of_nobody, of_somebody
from core.lake.roots import NOBODY, orders_of_rows, touches_of_rows
from core.orders.models import Order, OrderChange
from core.touchpoints.models import Touchpoint

RANGE = 200_000
DIRTY_RANGE = 2_000
CONTACTS_A_QUERY = 500

TOUCH_COLUMNS = (
    Touchpoint.contact_number.label("contact"),
    sa.type_coerce(Touchpoint.at, sa.BigInteger).label("ts"),
    Touchpoint.channel_number.label("channel"),
    sa.func.coalesce(Touchpoint.placement_number, NO_PLACEMENT).label("placement"),
    sa.case(KIND_CODES, value=Touchpoint.kind).label("kind"),
    sa.case((Touchpoint.is_bot, 0), else_=1).label("counts"),
    Touchpoint.id.label("id"),
)
ORDER_COLUMNS = (
    Order.contact_number.label("contact"),
    sa.type_coerce(Order.placed_at, sa.BigInteger).label("ts"),
    (Order.amount_minor - Order.refunded_minor).label("value"),
    Order.channel_number.label("channel"),
    sa.case((Order.state == "cancelled", 0), else_=1).label("counts"),
    Order.id.label("id"),
)
CHANGE_COLUMNS = (
    sa.select(Order.contact_number)
    .where(Order.tenant_id == OrderChange.tenant_id, Order.id == OrderChange.order_id)
    .scalar_subquery()
    .label("contact"),
)
MERGE_COLUMNS = (MergeLog.winner.label("winner"), MergeLog.loser.label("loser"))
CHANGES: dict[str, Sequence[Any]] = {
    "order_change": CHANGE_COLUMNS,
    "merge_log": MERGE_COLUMNS,
    "erasure": (Erasure.contact_number.label("contact"),),
}
"""The feeds that name contacts whose facts must be read anew."""


@dataclass(frozen=True, slots=True)
class Delta:
    """touches, orders: rows to add; dropped: int32[n] contacts whose older rows go; positions: where the feeds stand
    after it; is_last: nothing more was waiting."""

    touches: TouchFacts
    orders: OrderFacts
    dropped: NDArray[np.int32]
    positions: dict[str, object]
    is_last: bool


def newest_changes(session: Session) -> dict[str, object]:
    """Where merges and order changes stand now: whoever reads all facts from here on needs none of the older ones."""
    feeds = open_feeds(session)
    newest = {name: feeds.newest(name) for name in CHANGES}
    return {name: position for name, position in newest.items() if position is not None}


def positions_hold(session: Session, positions: Mapping[str, object]) -> bool:
    """Whether the feeds can be followed from here."""
    feeds = open_feeds(session)
    return all(feeds.stands_at(name, cast("Position", position)) for name, position in positions.items())


def read_delta(session: Session, positions: Mapping[str, object], *, follow_changes: bool = True) -> Delta:
    """The next range of every feed, from `positions` on. follow_changes: False leaves merges and order changes for the
    next flush, while all facts are read anew."""
    feeds = open_feeds(session)
    start = {name: cast("Position | None", positions.get(name)) for name in FEEDS}
    touches = feeds.after("touchpoint", start["touchpoint"], limit=RANGE, columns=TOUCH_COLUMNS)
    orders = feeds.after("orders", start["orders"], limit=RANGE, columns=ORDER_COLUMNS)
    found = {"touchpoint": touches, "orders": orders}
    dirty: set[int] = set()
    if follow_changes:
        changes = {
            name: feeds.after(name, start[name], limit=DIRTY_RANGE, columns=columns)
            for name, columns in CHANGES.items()
        }
        dirty = _dirty_contacts(session, _numbers(*(one.columns for one in changes.values())))
        found |= changes
    reached = start | {name: one.reached for name, one in found.items()}
    erased = erased_contacts(session) if dirty else set()
    touch_parts = [touches_of_rows(session, _others(touches.columns, dirty))]
    order_parts = [orders_of_rows(session, _others(orders.columns, dirty))]
    for some in _slices(sorted(dirty)):
        again = feeds.of_contacts("touchpoint", TOUCH_COLUMNS, some, touches.reached)
        touch_parts.append(touches_of_rows(session, again) if again else no_touches())
    order_parts += _orders_again(session, feeds, dirty, orders.reached)
    if dirty & erased:
        order_parts[0] = of_somebody(order_parts[0])
        order_parts.append(of_nobody(_orders_again(session, feeds, erased - dirty, orders.reached)))
        dirty.add(NOBODY)
    return Delta(
        join(touch_parts),
        join(order_parts),
        np.array(sorted(dirty), np.int32),
        {name: position for name, position in reached.items() if position is not None},
        is_last=not any(one.is_full for one in found.values()),
    )


def _orders_again(session: Session, feeds: Feeds, contacts: Set[int], reached: Position | None) -> Iterator[OrderFacts]:
    """All orders of these contacts up to a position; at least one part."""
    yield no_orders()
    for some in _slices(sorted(contacts)):
        again = feeds.of_contacts("orders", ORDER_COLUMNS, some, reached)
        if again:
            yield orders_of_rows(session, again)


def contacts_changed_after(session: Session, positions: Mapping[str, object]) -> NDArray[np.int32]:
    """int32[n]: contacts with a merge or an order change behind these positions, settled or not; with nobody among
    them where one is erased."""
    feeds = open_feeds(session)
    found = [
        feeds.after(name, cast("Position | None", positions.get(name)), limit=None, columns=columns, settled=False)
        for name, columns in CHANGES.items()
    ]
    changed = _dirty_contacts(session, _numbers(*(one.columns for one in found)))
    nobody = {NOBODY} if changed and changed & erased_contacts(session) else set()
    return np.array(sorted(changed | nobody), np.int32)


def _numbers(*found: Arrays) -> set[int]:
    """The contacts that changes and merges name."""
    named = [column for one in found for name, column in one.items() if name in ("contact", "winner", "loser")]
    return set(np.concatenate(named).tolist())


def _others(rows: Arrays, dirty: set[int]) -> Arrays:
    """The rows of contacts that are not read anew."""
    if not dirty:
        return rows
    kept = ~np.isin(rows["contact"], np.array(sorted(dirty)))
    return {name: column[kept] for name, column in rows.items()}


def _dirty_contacts(session: Session, named: Iterable[int]) -> set[int]:
    """These contacts with everybody they are, or were, one person with."""
    dirty = set(named)
    roots: set[int] = set()
    for some in _slices(sorted(dirty)):
        found = session.scalars(sa.select(Contact.merged_into).where(Contact.number.in_(some)))
        roots |= {root for root in found if root is not None}
    dirty |= roots
    members: set[int] = set()
    for some in _slices(sorted(dirty)):
        members |= set(session.scalars(sa.select(Contact.number).where(Contact.merged_into.in_(some))))
    return dirty | members


def _slices(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CONTACTS_A_QUERY):
        yield items[start : start + CONTACTS_A_QUERY]
