"""Inviting somebody: a form, and the link it makes, shown once, to hand over."""

import streamlit as st

from admin_ui import parts, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.roles import AGENCY_ROLES, BRAND_ROLES, role_name
from admin_ui.session import here
from admin_ui.shapes.access import Invitation, Person
from admin_ui.words import plain, t


def draw() -> None:
    """The form."""
    parts.back("person")
    st.title(t("people.invite"), anchor=False)
    roles = [*BRAND_ROLES, *(AGENCY_ROLES if here().me.role == "agency_owner" else ())]
    with st.form("invite", border=False, width=600):
        name = st.text_input(f"{t('people.name')} *", key="invite_name", max_chars=120)
        email = st.text_input(f"{t('people.email')} *", key="invite_email", max_chars=254)
        role = st.selectbox(
            t("people.role"), roles, key="invite_role", format_func=role_name, placeholder=t("parts.choose")
        )
        st.caption(t("people.role_of_brand", brand=plain(here().brand.name)))
        st.caption(t("people.role_means"))
        if not st.form_submit_button(t("people.invite"), type="primary"):
            return
    if not name.strip() or not email.strip():
        st.error(t("people.needs_both"))
        return
    body = {"name": name.strip(), "email": email.strip(), "role": role}
    if role in BRAND_ROLES:
        body["tenant_id"] = here().brand.id
    try:
        made = here().api.send(Person, "POST", "/v1/people", body, once=repeats.once_for("invite", body))
    except ApiError as error:
        states.complain(error)
        return
    st.session_state["_invitation"] = made.link
    parts.say(t("people.added", name=plain(made.name)))
    url.open_it("person", "")
    st.rerun(scope="app")


def show_link() -> None:
    """An invitation is a link to hand over; it is shown once and nothing sends it by itself."""
    link = st.session_state.get("_invitation")
    if not link:
        return
    with st.container(border=True, width=720, key="invitation"):
        st.write(t("people.link_text"))
        st.code(str(link), language=None)
        if st.button(t("people.link_seen"), type="primary", key="link_seen"):
            del st.session_state["_invitation"]
            st.rerun(scope="app")


def renew(person: Person, once: str) -> None:
    """A fresh link for somebody who is on the list already."""
    try:
        made = here().api.send(Invitation, "POST", "/v1/invitations", {"person_id": person.id}, once=once)
    except ApiError as error:
        states.complain(error)
        return
    st.session_state["_invitation"] = made.link
    st.rerun(scope="app")
