"""The next piece of work for the lake: new facts, and contacts whose facts must be read anew.

A merge, an undo, a refund or a cancellation makes its contacts *dirty*: what the lake holds of them is dropped and all
their facts are read again, up to the same positions, so that a flush and a rebuild end in the same rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from core.contacts.models import Contact, MergeLog
from core.lake.facts import KIND_CODES, NO_PLACEMENT, OrderFacts, TouchFacts, join, no_orders, no_touches, sequence_of
from core.lake.feed import FEEDS, Feeds, Position, open_feeds
from core.orders.models import Order, OrderChange
from core.touchpoints.models import Touchpoint

RANGE = 200_000
DIRTY_RANGE = 2_000
CONTACTS_A_QUERY = 500

TOUCH_COLUMNS = (
    Touchpoint.contact_number,
    sa.type_coerce(Touchpoint.at, sa.BigInteger),
    Touchpoint.channel_number,
    sa.func.coalesce(Touchpoint.placement_number, NO_PLACEMENT),
    Touchpoint.kind,
    Touchpoint.is_bot,
    Touchpoint.id,
)
ORDER_COLUMNS = (
    Order.contact_number,
    sa.type_coerce(Order.placed_at, sa.BigInteger),
    Order.amount_minor - Order.refunded_minor,
    Order.channel_number,
    Order.state,
    Order.id,
)
CHANGE_COLUMNS = (OrderChange.order_id,)
MERGE_COLUMNS = (MergeLog.winner, MergeLog.loser)


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
    newest = {name: feeds.newest(name) for name in ("order_change", "merge_log")}
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
        changes = feeds.after("order_change", start["order_change"], limit=DIRTY_RANGE, columns=CHANGE_COLUMNS)
        merges = feeds.after("merge_log", start["merge_log"], limit=DIRTY_RANGE, columns=MERGE_COLUMNS)
        dirty = _dirty_contacts(session, [row[0] for row in changes.rows], merges.rows)
        found |= {"order_change": changes, "merge_log": merges}
    reached = start | {name: one.reached for name, one in found.items()}
    roots = Roots(session)
    touch_parts = [roots.of_touches([row for row in touches.rows if row[0] not in dirty])]
    order_parts = [roots.of_orders([row for row in orders.rows if row[0] not in dirty])]
    for some in _slices(sorted(dirty)):
        touch_parts.append(roots.of_touches(_again(feeds, "touchpoint", TOUCH_COLUMNS, some, touches.reached)))
        order_parts.append(roots.of_orders(_again(feeds, "orders", ORDER_COLUMNS, some, orders.reached)))
    return Delta(
        join(touch_parts),
        join(order_parts),
        np.array(sorted(dirty), np.int32),
        {name: position for name, position in reached.items() if position is not None},
        is_last=not any(one.is_full for one in found.values()),
    )


class Roots:
    """Who a fact belongs to now: the contact it was born with, or the one that was merged into."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            sa.select(Contact.number, Contact.merged_into, sa.type_coerce(Contact.facts_since, sa.BigInteger))
            .where(Contact.merged_into.is_not(None))
            .order_by(Contact.number)
        ).all()
        self.number = np.array([row[0] for row in rows], np.int64)
        self.root = np.array([row[1] for row in rows], np.int64)
        self.since = np.array([row[2] or 0 for row in rows], np.int64)

    def resolve(self, contact: NDArray[np.int64], ts: NDArray[np.int64]) -> NDArray[np.int32]:
        """int32[n]: a linked visitor's facts before `facts_since` stay the visitor's own."""
        if not len(self.number):
            return contact.astype(np.int32)
        place = np.minimum(np.searchsorted(self.number, contact), len(self.number) - 1)
        moved = (self.number[place] == contact) & (ts >= self.since[place])
        return np.where(moved, self.root[place], contact).astype(np.int32)

    def of_touches(self, rows: Sequence[tuple[Any, ...]]) -> TouchFacts:
        """Rows of TOUCH_COLUMNS as facts; bots are left out."""
        kept = [row for row in rows if not row[5]]
        if not kept:
            return no_touches()
        contact, ts, channel, placement, kind, _, ids = zip(*kept, strict=True)
        when = np.array(ts, np.int64)
        return TouchFacts(
            self.resolve(np.array(contact, np.int64), when),
            when,
            np.array(channel, np.int16),
            np.array(placement, np.int32),
            np.array([KIND_CODES[name] for name in kind], np.int8),
            sequence_of([one.bytes for one in ids]),
        )

    def of_orders(self, rows: Sequence[tuple[Any, ...]]) -> OrderFacts:
        """Rows of ORDER_COLUMNS as facts; a cancelled order counts as never placed."""
        kept = [row for row in rows if row[4] != "cancelled"]
        if not kept:
            return no_orders()
        contact, ts, value, channel, _, ids = zip(*kept, strict=True)
        when = np.array(ts, np.int64)
        return OrderFacts(
            self.resolve(np.array(contact, np.int64), when),
            when,
            np.array(value, np.int64),
            np.array(channel, np.int16),
            sequence_of([one.bytes for one in ids]),
        )


def _dirty_contacts(session: Session, order_ids: Sequence[Any], merges: Iterable[tuple[Any, ...]]) -> set[int]:
    """The contacts of these orders and merges with everybody they are, or were, one person with."""
    dirty = {int(number) for pair in merges for number in pair}
    for some in _slices(list(order_ids)):
        dirty |= set(session.scalars(sa.select(Order.contact_number).where(Order.id.in_(some))))
    roots: set[int] = set()
    for some in _slices(sorted(dirty)):
        found = session.scalars(sa.select(Contact.merged_into).where(Contact.number.in_(some)))
        roots |= {root for root in found if root is not None}
    dirty |= roots
    members: set[int] = set()
    for some in _slices(sorted(dirty)):
        members |= set(session.scalars(sa.select(Contact.number).where(Contact.merged_into.in_(some))))
    return dirty | members


def _again(
    feeds: Feeds, name: str, columns: Sequence[Any], contacts: Sequence[int], reached: Position | None
) -> list[tuple[Any, ...]]:
    if reached is None:
        return []
    model = FEEDS[name]
    query = sa.select(*columns).where(
        model.contact_number.in_(contacts),  # type: ignore[union-attr]  # asked of touchpoints and orders only
        feeds.up_to(name, reached),
    )
    return list(feeds.session.execute(query))


def _slices(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CONTACTS_A_QUERY):
        yield items[start : start + CONTACTS_A_QUERY]
