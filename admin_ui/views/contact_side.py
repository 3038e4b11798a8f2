"""One side of a merge: who it is and what would move, so that two can be compared at a glance."""

from decimal import Decimal

import streamlit as st

from admin_ui import figures, parts
from admin_ui.client import NotThere
from admin_ui.session import here
from admin_ui.shapes.contacts import Contact, Identity
from admin_ui.words import maybe, plain, t

MOST_SHOWN = 200
"""So many touches and orders a contact's page carries; beyond it a count is a least."""


def read_side(contact_id: str) -> Contact | None:
    """The contact as it stands now, or None when it is gone."""
    try:
        return here().read(Contact, f"contacts/{contact_id}")
    except NotThere:
        return None


def draw(contact: Contact, identities: list[Identity]) -> None:
    """The side, with the identities that are its own."""
    zone = here().brand.timezone
    with st.container(border=True):
        parts.link("contacts", t("contacts.one", number=contact.number), icon=":material/person:", contact=contact.id)
        for identity in identities:
            st.markdown(named(identity))
        if not identities:
            st.caption(t("contacts.no_identity"))
        st.caption(
            " · ".join(
                [
                    t("contacts.joined_at", at=figures.moment(contact.joined_at, zone)),
                    t("contacts.touches", count=_count(len(contact.touchpoints))),
                    t("contacts.bought", count=_count(len(contact.orders)), value=spent(contact)),
                ]
            )
        )
        if contact.tags:
            st.caption(plain(" ".join(contact.tags)))


def named(identity: Identity) -> str:
    """An identity with its kind in words."""
    return f"{maybe(f'identity.{identity.kind}', plain(identity.kind))} {plain(identity.masked)}"


def spent(contact: Contact) -> str:
    """What the contact's orders are worth together."""
    total = sum((order.amount or Decimal(0) for order in contact.orders if order.state != "cancelled"), Decimal(0))
    return figures.money(total, here().brand.currency)


def _count(number: int) -> str:
    return f"{number}+" if number >= MOST_SHOWN else figures.count(number)
