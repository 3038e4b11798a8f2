"""Who may do what, who did? People with their roles, API keys, the audit log."""

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.client import ApiError, Query
from admin_ui.session import here
from admin_ui.shapes.access import AuditEntry, Invitation, Person
from admin_ui.shapes.web import Listed
from admin_ui.views import api_keys
from admin_ui.words import maybe, plain, t

BRAND_ROLES = ("brand_manager", "brand_operator", "brand_viewer")
AGENCY_ROLES = ("agency_owner", "agency_analyst")
COLUMNS = ("name", "email", "roles", "state", "last_login")


def draw() -> None:
    """The page; each part only for those who may see it."""
    parts.head(t("people.title"))
    scopes = {"people": "people:read", "keys": "keys:read", "audit": "audit:read"}
    open_parts = [part for part, scope in scopes.items() if here().can(scope)]
    part = url.choose("part", t("people.title"), open_parts, open_parts[0], lambda code: t(f"people.{code}"))
    {"people": _people, "keys": api_keys.draw, "audit": _audit}[part]()


def _people() -> None:
    people = here().api.read(Listed[Person], "/v1/people", {"limit": 200}, fresh=True).items
    _show_link()
    columns = {name: t(f"people.{name}") for name in COLUMNS}
    parts.table([_row(person) for person in people], columns, "people_table", alt=t("people.title"))
    if not here().can("people:write"):
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("people.invite"), anchor=False)
        _invite_form()
    with right:
        st.header(t("people.change"), anchor=False)
        _change_form([person for person in people if person.id != here().me.user.id])


def role_name(code: str | None) -> str:
    """A role in words."""
    return maybe(f"people.role_{code}", code or figures.NONE)


def _row(person: Person) -> dict[str, str]:
    roles = [role_name(person.role)] if person.role else []
    roles += [f"{one.tenant_name}: {role_name(one.role)}" for one in person.memberships]
    return {
        "name": person.name,
        "email": person.email,
        "roles": " · ".join(roles),
        "state": parts.state(person.state),
        "last_login": figures.moment(person.last_login_at, here().brand.timezone),
    }


def _show_link() -> None:
    """An invitation is a link to hand over; it is shown once and nothing sends it by itself."""
    link = st.session_state.get("_invitation")
    if not link:
        return
    with st.container(border=True, width=720):
        st.write(t("people.link_text"))
        st.code(str(link), language=None)
        if st.button(t("people.link_seen"), type="primary", key="link_seen"):
            del st.session_state["_invitation"]
            st.rerun(scope="app")


def _invite_form() -> None:
    roles = [*BRAND_ROLES, *(AGENCY_ROLES if here().me.role == "agency_owner" else ())]
    with st.form("invite", border=False, width=600):
        name = st.text_input(t("people.name"), key="invite_name", max_chars=120)
        email = st.text_input(t("people.email"), key="invite_email", max_chars=254)
        role = st.selectbox(t("people.role"), roles, key="invite_role", format_func=role_name)
        st.caption(t("people.role_of_brand", brand=plain(here().brand.name)))
        if not st.form_submit_button(t("people.invite"), type="primary"):
            return
    body = {"name": name.strip(), "email": email.strip(), "role": role}
    if role in BRAND_ROLES:
        body["tenant_id"] = here().brand.id
    try:
        made = here().api.send(Person, "POST", "/v1/people", body)
    except ApiError as error:
        states.complain(error)
        return
    st.session_state["_invitation"] = made.link
    parts.say(t("people.added", name=plain(made.name)))
    st.rerun(scope="app")


def _change_form(people: list[Person]) -> None:
    if not people:
        st.caption(t("people.only_you"))
        return
    by_id = {person.id: person for person in people}
    picked = st.selectbox(
        t("people.person"), list(by_id), key="change_person", placeholder=t("parts.choose"),
        format_func=lambda code: f"{by_id[code].name} · {by_id[code].email}",
    )  # fmt: skip
    person = by_id[picked]
    role = st.selectbox(t("people.role"), BRAND_ROLES, key="change_role", format_func=role_name)
    with st.container(horizontal=True):
        if st.button(t("people.set_role"), key="set_role"):
            _change(person, {"role": role, "tenant_id": here().brand.id})
        if st.button(t("people.enable" if person.state == "disabled" else "people.disable"), key="disable"):
            _change(person, {"disabled": person.state != "disabled"})
        if st.button(t("people.new_link"), key="new_link"):
            _new_link(person)


def _change(person: Person, body: dict[str, str | bool]) -> None:
    try:
        here().api.send(Person, "PATCH", f"/v1/people/{person.id}", body)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("parts.saved"))
    st.rerun(scope="app")


def _new_link(person: Person) -> None:
    try:
        made = here().api.send(Invitation, "POST", "/v1/invitations", {"person_id": person.id})
    except ApiError as error:
        states.complain(error)
        return
    st.session_state["_invitation"] = made.link
    st.rerun(scope="app")


def _audit() -> None:
    query: Query = {"tenant_id": here().brand.id, "limit": 100}
    entries = here().api.read(Listed[AuditEntry], "/v1/audit", query, fresh=True).items
    if not entries:
        st.caption(t("people.no_audit"))
        return
    columns = {name: t(f"people.{name}") for name in ("at", "actor", "action", "subject", "request")}
    zone = here().brand.timezone
    rows = [
        {
            "at": figures.moment(entry.at, zone),
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "request": entry.request_id,
        }
        for entry in entries
    ]
    parts.table(rows, columns, "audit_table", alt=t("people.audit"))
    parts.export(rows, columns, "audit")
