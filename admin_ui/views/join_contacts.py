"""Merging two contacts by hand: find the other one, compare both, choose which stays."""

import streamlit as st

from admin_ui import asking, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Contact
from admin_ui.shapes.web import Listed
from admin_ui.views import contact_side
from admin_ui.words import plain, t

MOST = 5


def draw(contact: Contact) -> None:
    """Below the contact's merges."""
    key = f"join_q_{st.session_state.get('_join', 0)}"
    with st.expander(t("contacts.join"), icon=":material/merge:", expanded=bool(st.session_state.get(key))):
        st.caption(t("contacts.join_text"))
        asked = st.text_input(t("contacts.search"), key=key, placeholder=t("contacts.search_hint"), width=420).strip()
        if not asked:
            return
        found = here().read(Listed[Contact], "contacts", {"q": asked, "limit": MOST + 1}).items
        others = {one.id: one for one in found if one.id != contact.id}
        if not others:
            st.info(t("contacts.join_none"))
            return
        picked = st.selectbox(
            t("contacts.join_which"), list(others), key="join_which", width=420, placeholder=t("parts.choose"),
            format_func=lambda code: _label(others[code]),
        )  # fmt: skip
        _compare(contact, contact_side.read_side(picked))


def _label(contact: Contact) -> str:
    known = "  ".join(identity.masked for identity in contact.identities[:2])
    return f"{t('contacts.one', number=contact.number)}  {known}"


def _compare(contact: Contact, other: Contact | None) -> None:
    if other is None or other.id == contact.id:
        st.info(t("contacts.join_none"))
        return
    for place, side in zip(st.columns(2), (contact, other), strict=True):
        with place:
            contact_side.draw(side, side.identities)
    stays = st.radio(
        t("contacts.join_stays"), [contact.id, other.id], key=f"stays_{other.id}",
        format_func=lambda code: t("contacts.one", number=(contact if code == contact.id else other).number),
    )  # fmt: skip
    winner, loser = (contact, other) if stays == contact.id else (other, contact)
    text = t(
        "contacts.join_sure", loser=loser.number, winner=winner.number, touches=len(loser.touchpoints),
        orders=len(loser.orders), value=plain(contact_side.spent(loser)),
    )  # fmt: skip
    if once := asking.sure("join_contacts", t("contacts.join_do"), text, kind="primary"):
        _join(loser, winner, once)


def _join(loser: Contact, winner: Contact, once: str) -> None:
    try:
        here().do("POST", f"contacts/{loser.id}/merge", {"into": winner.id}, once=once)
    except ApiError as error:
        states.complain(error)
        return
    # The next contact's page begins with nobody to merge with.
    st.session_state["_join"] = st.session_state.get("_join", 0) + 1
    parts.say(t("contacts.approve_done"))
    url.open_it("contact", winner.id)
    st.rerun(scope="app")
