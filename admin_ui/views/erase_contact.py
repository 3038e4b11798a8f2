"""Erasing a person, for those who may: what goes and what stays is told first, and the number has to be typed."""

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Contact
from admin_ui.views import contact_side
from admin_ui.words import t


def draw(contact: Contact) -> None:
    """The button; for an erased contact, since when it is one."""
    if contact.erased_at is not None:
        st.info(t("contacts.erased_at", at=figures.moment(contact.erased_at, here().brand.timezone)))
    elif here().can("people:write"):
        once = asking.sure(
            "erase", t("contacts.erase"), lambda: _warning(contact), typed=str(contact.number), kind="tertiary"
        )
        if once:
            _erase(contact, once)


def _warning(contact: Contact) -> str:
    return t(
        "contacts.erase_sure",
        number=contact.number,
        identities=len(contact.identities),
        orders=len(contact.orders),
        value=contact_side.spent(contact),
    )


def _erase(contact: Contact, once: str) -> None:
    try:
        here().do("POST", f"contacts/{contact.id}/erase", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("contacts.erased"))
    st.rerun(scope="app")
