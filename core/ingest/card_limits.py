"""How many cards one person and one address may redeem; what exceeds is refused, seen, and can be put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.identities import STRONG, IdentityClaim
from core.contacts.keys import KeyRing
from core.contacts.lookup import family, holders
from core.db import take_turn, vault_of
from core.errors import Conflict
from core.placements.models import Placement, Redemption
from core.sdk.events import Event
from core.sdk.placements import Landing

LimitReason = Literal["person_limit", "address_limit"]


class LimitReached(Conflict):
    """This person or address has redeemed as many cards as the channel allows."""

    code = "card_limit"

    def __init__(self, reason: LimitReason) -> None:
        super().__init__("As many cards as one person or address may redeem were redeemed already.")
        self.reason: LimitReason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """0 is no limit. `a_person`: ever, on the channel; `an_address`: within 24 hours, on the channel."""

    a_person: int = 0
    an_address: int = 0


def limits_of(landing: Landing) -> Limits:
    """What the plugin says."""
    return Limits(landing.most_a_person, landing.most_an_address)


def check_limits(
    session: Session,
    limits: Limits,
    *,
    channel_number: int,
    events: Sequence[Event],
    address: bytes | None,
    at: datetime,
) -> None:
    """Refuse what exceeds. Two at the same moment take turns, so that both do not pass.

    Raises:
        LimitReached: this redemption would be one too many.
    """
    if not limits.a_person and not limits.an_address:
        return
    take_turn(session)
    mine = sa.and_(Placement.number == Redemption.placement_number, Placement.channel_number == channel_number)
    count = sa.select(sa.func.count()).select_from(Redemption).join(Placement, mine)
    if limits.an_address and address is not None:
        day = count.where(Redemption.address == address, Redemption.at > at - timedelta(days=1))
        if (session.scalar(day) or 0) >= limits.an_address:
            raise LimitReached("address_limit")
    people = _people(session, events) if limits.a_person else set()
    if people and (session.scalar(count.where(Redemption.contact_number.in_(people))) or 0) >= limits.a_person:
        raise LimitReached("person_limit")


def _people(session: Session, events: Sequence[Event]) -> set[int]:
    """Every contact that is part of who these events name, as far as they are known already."""
    claims = [IdentityClaim(one.kind, one.value, one.app) for event in events for one in getattr(event, "who", ())]
    strong = tuple(dict.fromkeys(claim for claim in claims if claim.kind in STRONG))
    if not strong:
        return set()
    keys = KeyRing(vault_of(session)).keys(strong)
    return set(family(session, {holder.root for holder in holders(session, keys).values()}))
