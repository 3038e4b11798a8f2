"""One person: their roles by brand, and what may be changed about them; what locks somebody out asks first."""

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.roles import BRAND_ROLES, role_name
from admin_ui.session import here
from admin_ui.shapes.access import Membership, Person
from admin_ui.views import invite_person
from admin_ui.words import plain, t


def draw(person: Person) -> None:
    """The person."""
    parts.back("person")
    st.title(plain(person.name), anchor=False)
    last = figures.moment(person.last_login_at, here().brand.timezone)
    st.caption(f"{plain(person.email)} · {parts.state(person.state)} · {t('people.last_login')} {last}")
    invite_person.show_link()
    st.header(t("people.roles"), anchor=False)
    if person.role:
        st.markdown(t("people.whole_agency", role=role_name(person.role)))
    may_change = here().can("people:write") and person.id != here().me.user.id
    for one in person.memberships:
        _membership(person, one, may_change)
    if person.id == here().me.user.id:
        st.caption(t("people.yourself"))
    if may_change:
        _locks(person)


def _membership(person: Person, one: Membership, may_change: bool) -> None:
    with st.container(border=True, width=720, key=f"role_{one.tenant_id}"):
        if not may_change:
            st.markdown(f"**{plain(one.tenant_name)}** · {role_name(one.role)}")
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            role = st.selectbox(
                plain(one.tenant_name), BRAND_ROLES, BRAND_ROLES.index(one.role) if one.role in BRAND_ROLES else 0,
                key=f"role_of_{one.tenant_id}", format_func=role_name, width=240, placeholder=t("parts.choose"),
            )  # fmt: skip
            words = {"name": plain(person.name), "brand": plain(one.tenant_name)}
            if role != one.role:
                text = t("people.set_role_sure", **words, before=role_name(one.role), after=role_name(role))
                if asking.sure(f"set_role_{one.tenant_id}", t("people.set_role"), text, kind="primary"):
                    _change(person, {"role": role, "tenant_id": one.tenant_id})
            text = t("people.take_role_sure", **words, before=role_name(one.role))
            if asking.sure(f"take_role_{one.tenant_id}", t("people.take_role"), text, kind="tertiary"):
                _change(person, {"role": None, "tenant_id": one.tenant_id})


def _locks(person: Person) -> None:
    st.header(t("people.access"), anchor=False)
    brands = len(here().me.tenants) if person.role else len(person.memberships)
    words = {"name": plain(person.name), "count": brands}
    with st.container(horizontal=True):
        if once := asking.sure("new_link", t("people.new_link"), t("people.new_link_sure", **words)):
            invite_person.renew(person, once)
        if person.state == "disabled":
            if asking.sure("enable", t("people.enable"), t("people.enable_sure", **words)):
                _change(person, {"disabled": False})
        elif asking.sure("disable", t("people.disable"), t("people.disable_sure", **words)):
            _change(person, {"disabled": True})


def _change(person: Person, body: dict[str, str | bool | None]) -> None:
    """A PATCH says what is to be so: twice is once, without a key."""
    try:
        here().api.send(Person, "PATCH", f"/v1/people/{person.id}", body)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("parts.saved"))
    st.rerun(scope="app")
