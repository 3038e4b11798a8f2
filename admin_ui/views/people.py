"""Who may do what, who did? People with their roles, API keys, the audit log."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from admin_ui import figures, listing, parts, states, url
from admin_ui.roles import role_name
from admin_ui.session import here
from admin_ui.shapes.access import Person
from admin_ui.shapes.web import Listed
from admin_ui.views import api_keys, audit_log, invite_person, one_person, webhooks
from admin_ui.words import t

COLUMNS = ("name", "email", "roles", "state", "last_login")
SCOPES = {"people": "people:read", "keys": "keys:read", "webhooks": "keys:read", "audit": "audit:read"}


def draw() -> None:
    """The page; each part only for those who may see it."""
    if url.opened("person") and here().can("people:read"):
        _opened(url.opened("person"))
        return
    if url.opened("key") and here().can("keys:read"):
        api_keys.draw_one(url.opened("key"))
        return
    if url.opened("webhook") and here().can("keys:read"):
        webhooks.draw_one(url.opened("webhook"))
        return
    head = parts.head(t("people.title"))
    open_parts = [part for part, scope in SCOPES.items() if here().can(scope)]
    part = url.choose("part", t("people.title"), open_parts, open_parts[0], lambda code: t(f"people.{code}"))
    match part:
        case "people":
            _people(head)
        case "keys":
            api_keys.draw(head)
        case "webhooks":
            webhooks.draw(head)
        case _:
            audit_log.draw()


def _opened(code: str) -> None:
    if code == "new":
        invite_person.draw()
        return
    people = here().api.read(Listed[Person], "/v1/people", {"limit": 200}, fresh=True).items
    found = next((person for person in people if person.id == code), None)
    if found is None:
        states.gone()
    else:
        one_person.draw(found)


def _people(head: DeltaGenerator) -> None:
    if here().can("people:write") and head.button(t("people.invite"), type="primary", key="invite_person"):
        url.open_it("person", "new")
        st.rerun(scope="app")
    invite_person.show_link()
    people, rest = listing.read_pages(Listed[Person], "/v1/people", {}, "people")
    columns = {name: t(f"people.{name}") for name in COLUMNS}
    rows = [_row(person) for person in people]
    parts.choose_row(rows, columns, "people_table", [person.id for person in people], "person")
    listing.more("people", len(people), rest)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, "people")
        parts.explain("people", t("people.how"), figures_shown=False)


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
