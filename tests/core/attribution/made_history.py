"""A brand to which everything happens that changes facts: late touches, refunds, merges and their undo, erasures."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from core.channels.service import channel_named_or_other
from core.contacts import service as contacts
from core.contacts.erasing import erase_names
from core.contacts.service import IdentityClaim
from core.db import writing
from core.lake.compaction import compact_lake
from core.lake.flush import flush_lake
from core.orders import service as orders
from core.placements.service import create_placement
from core.referrals.service import InviterTold, claim_inviters
from core.tenants.models import Tenant
from core.touchpoints import service as touchpoints
from tests.core.lake.made_facts import at
from tests.factories.contacts import make_contacts
from tests.factories.orders import new_order
from tests.factories.touchpoints import new_touch

MINUTES = 60 * 24 * 60
PEOPLE = 60
LEFT = 10
HAPPENINGS = ("touches", "touches", "orders", "refund", "cancel", "merge", "undo", "erase", "invite", "compact", "grow")


@dataclass
class History:
    """What happens is random but for the seed. alive: people of their own; amounts: of orders that may still change;
    merges: id and loser of those that stand; merged: whoever was ever part of one; clock: minutes, after everything
    that was recorded so far but for what `later` records."""

    tenant: Tenant
    random: np.random.Generator
    channels: list[int] = field(default_factory=list)
    placement: int = 0
    clock: int = MINUTES
    alive: list[int] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)
    merges: list[tuple[UUID, int]] = field(default_factory=list)
    merged: set[int] = field(default_factory=set)

    def begin(self) -> None:
        """People with touches, orders and inviters, all of them in the lake."""
        with writing(self.tenant.number) as session:
            made = [channel_named_or_other(session, name) for name in ("Search", "Cards", "Live")]
            self.channels = [1, *(one.number for one in made)]
            self.placement = create_placement(session, channel=made[1], name="Cards", starts_at=at(0)).number
            people = [[IdentityClaim("customer_id", f"u{number}")] for number in range(PEOPLE)]
            self.alive = make_contacts(session, people, at=at(0))
            self.touches(session, 260)
            self.orders(session, 50)
            for _ in range(12):
                self.invite(session)
        flush_lake(self.tenant.number)

    def happen(self, what: str) -> None:
        """One of HAPPENINGS, sometimes with a flush after it."""
        if what == "compact":
            compact_lake(self.tenant.number, everything=bool(self.random.random() < 0.5))
        else:
            with writing(self.tenant.number) as session:
                getattr(self, what)(session)
        if self.random.random() < 0.5:
            flush_lake(self.tenant.number)

    def touches(self, session: Session, count: int = 8) -> None:
        """Anywhere in time."""
        touchpoints.record(session, [self._touch() for _ in range(count)])

    def later(self, session: Session) -> None:
        """Touches of many people, after all that they met, some of them twice."""
        self.clock += 60
        people = [self._anybody() for _ in range(25)]
        touchpoints.record(session, [self._touch(one, at(self.clock + turn)) for turn, one in enumerate(people)])

    def grow(self, session: Session) -> None:
        """So many that buckets are split."""
        self.touches(session, 120)

    def orders(self, session: Session, count: int = 3) -> None:
        """Anywhere in time; some are worth nothing."""
        for _ in range(count):
            amount = int(self.random.integers(1, 99_999)) if self.random.random() < 0.8 else 0
            order = new_order(self._anybody(), placed_at=self._anywhen(), amount_minor=amount)
            orders.record(session, [order])
            self.amounts[order.order_no] = amount

    def refund(self, session: Session) -> None:
        """A part, or all of it: the order stays, worth nothing."""
        number = self._open_order()
        amount = self.amounts.pop(number)
        if amount:
            back = amount if self.random.random() < 0.5 else 1
            orders.refund(
                session, channel_number=1, order_no=number, amount_minor=back, event_id=f"r{number}", at=at(MINUTES)
            )

    def cancel(self, session: Session) -> None:
        """As if it had never been placed."""
        number = self._open_order()
        self.amounts.pop(number)
        orders.cancel(session, channel_number=1, order_no=number, event_id=f"c{number}", at=at(MINUTES))

    def merge(self, session: Session) -> None:
        """Two people become one."""
        loser, into = (int(one) for one in self.random.choice(self.alive, 2, replace=False))
        self.merges.append((contacts.merge(session, loser=loser, into=into).id, loser))
        self.merged |= {loser, into}
        self.alive.remove(loser)

    def undo(self, session: Session) -> None:
        """The last merge was none."""
        if self.merges:
            merge, loser = self.merges.pop()
            contacts.undo_merge(session, merge)
            self.alive.append(loser)

    def erase(self, session: Session) -> None:
        """Somebody asks to be forgotten, as long as there are enough others."""
        free = [one for one in self.alive if one not in self.merged]
        if len(free) > LEFT:
            gone = int(self.random.choice(free))
            erase_names(session, [gone], actor="test")
            self.alive.remove(gone)

    def invite(self, session: Session) -> None:
        """Somebody says who brought them."""
        person, inviter = self._anybody(), int(self.random.integers(0, PEOPLE))
        claim_inviters(session, [InviterTold(person, f"u{inviter}", at(0), "import")])

    def _touch(self, contact: int | None = None, when: datetime | None = None) -> touchpoints.NewTouch:
        channel = int(self.random.choice(self.channels))
        placement = self.placement if channel == self.channels[2] else None
        who, at = contact or self._anybody(), when or self._anywhen()
        return new_touch(who, at=at, channel_number=channel, placement_number=placement)

    def _anybody(self) -> int:
        return int(self.random.choice(self.alive))

    def _anywhen(self) -> datetime:
        return at(int(self.random.integers(0, MINUTES)))

    def _open_order(self) -> str:
        return str(self.random.choice(list(self.amounts)))
