"""A card that lies in the parcel of an order names who ordered: redeeming it joins the two, whichever comes first.

Marketplaces mask their customers, so an order's contact is often known by its own number alone. Such a contact is the
one who unpacked the parcel. A contact with a phone or another name of their own is somebody who may have given the card
away: nobody is joined then, and it is told as a sign.
"""

from collections.abc import Collection
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.identities import WEAK, IdentityClaim
from core.contacts.models import ContactIdentity
from core.contacts.service import family, resolve, roots_of
from core.db import among, vault_of
from core.orders.models import Order
from core.placements.card_orders import order_digest, order_of
from core.placements.models import CardCode, Redemption

NUMBERS = frozenset({"customer_id", "platform_openid"})
"""Kinds that a shop or marketplace minted; they say nothing of whom else they name."""

Joined = Literal["none", "joined", "other"]
_MOST = 4


def join_card(session: Session, card: CardCode) -> Joined:
    """Join who redeemed this card with who placed the order it lies in; `other` where that is somebody known."""
    order_no = order_of(vault_of(session), card)
    redeemer = session.scalar(sa.select(Redemption.contact_number).where(Redemption.code_id == card.id))
    if not order_no or redeemer is None:
        return "none"
    buyers = set(session.scalars(sa.select(Order.contact_number).where(Order.order_no == order_no)))
    roots = roots_of(session, {*buyers, redeemer})
    mine, theirs = roots[redeemer], {roots[buyer] for buyer in buyers}
    if len(theirs) != 1 or theirs == {mine}:
        return "none"
    names, my_names = names_of(session, theirs.pop()), names_of(session, mine)
    if any(name.kind not in NUMBERS and name.kind not in WEAK for name in names):
        return "other"
    numbers = [name for name in names if name.kind in NUMBERS][:_MOST]
    if not numbers or not my_names:
        return "none"
    resolve(session, [(my_names[0], *numbers)])
    return "joined"


def join_new_orders(session: Session, order_nos: Collection[str]) -> None:
    """Join the people of orders that came after their cards were redeemed."""
    tied = sa.select(CardCode.id).where(CardCode.order_digest.is_not(None)).limit(1)
    if not order_nos or session.scalar(tied) is None:  # most brands tie no cards to orders: one look a batch
        return
    vault = vault_of(session)
    digests = {order_digest(vault, number) for number in order_nos}
    query = sa.select(CardCode).where(among(session, CardCode.order_digest, digests), CardCode.state == "redeemed")
    for card in session.scalars(query).all():
        join_card(session, card)


def names_of(session: Session, root: int) -> list[IdentityClaim]:
    """What names this person, strong kinds first and those of their own before numbers; nothing that was erased."""
    vault, members = vault_of(session), family(session, [root])
    query = sa.select(ContactIdentity).where(ContactIdentity.contact_number.in_(members))
    rows = [row for row in session.scalars(query.order_by(ContactIdentity.id)) if row.sealed]
    rows.sort(key=lambda row: (row.kind in WEAK, row.kind in NUMBERS))
    return [
        IdentityClaim(row.kind, vault.unseal("identity", row.id, "value", row.sealed).decode(), row.app or None)
        for row in rows
    ]
