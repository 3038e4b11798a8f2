"""API keys: made with scopes no wider than one's own, shown once, stopped for good."""

from datetime import UTC, datetime, time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from admin_ui import asking, figures, listing, parts, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.access import Key
from admin_ui.shapes.web import Anything, Listed
from admin_ui.words import plain, t

COLUMNS = ("key_name", "starts_with", "key_brand", "scopes", "state", "expires", "last_used")


def draw(head: DeltaGenerator) -> None:
    """The list of keys; `head` is the place for the page's main button."""
    if here().can("keys:write") and head.button(t("people.new_key"), type="primary", key="new_key_button"):
        url.open_it("key", "new")
        st.rerun(scope="app")
    keys, rest = listing.read_pages(Listed[Key], "/v1/keys", {}, "keys")
    _show_secret()
    if not keys:
        st.info(t("people.no_keys"))
        return
    columns = {name: t(f"people.{name}") for name in COLUMNS}
    rows = [_row(key) for key in keys]
    parts.choose_row(rows, columns, "keys_table", [key.id for key in keys], "key")
    listing.more("keys", len(keys), rest)
    parts.explain("keys", t("people.how_keys"), figures_shown=False)


def draw_one(code: str) -> None:
    """A new key, or one that is open."""
    parts.back("key")
    if code == "new":
        st.title(t("people.new_key"), anchor=False)
        if here().can("keys:write"):
            _form()
        return
    keys = here().api.read(Listed[Key], "/v1/keys", {"limit": 200}, fresh=True).items
    found = next((key for key in keys if key.id == code), None)
    if found is None:
        states.gone()
        return
    st.title(plain(found.name), anchor=False)
    columns = {name: t(f"people.{name}") for name in COLUMNS}
    row = _row(found)
    facts = [{"fact": label, "value": row[name]} for name, label in columns.items()]
    facts.append({"fact": t("people.made_by"), "value": found.made_by})
    parts.table(facts, {name: t(f"jobs.{name}") for name in ("fact", "value")}, "key_facts", alt=found.name)
    if here().can("keys:write") and found.state == "active":
        _revoke(found)


def _row(key: Key) -> dict[str, str]:
    zone = here().brand.timezone
    brands = {brand.id: brand.name for brand in here().me.tenants}
    return {
        "key_name": key.name,
        "starts_with": f"{key.starts_with}…",
        "key_brand": brands.get(key.tenant_id, figures.NONE) if key.tenant_id else t("people.every_brand"),
        "scopes": " ".join(key.scopes),
        "state": parts.state(key.state),
        "expires": figures.moment(key.expires_at, zone),
        "last_used": figures.moment(key.last_used_at, zone),
    }


def _show_secret() -> None:
    made = st.session_state.get("_made_key")
    if not isinstance(made, Key):
        return
    with st.container(border=True, width=720):
        st.write(t("people.secret_text"))
        st.code(made.secret or "", language=None)
        if st.button(t("people.link_seen"), type="primary", key="secret_seen"):
            del st.session_state["_made_key"]
            st.rerun(scope="app")


def _form() -> None:
    with st.form("new_key", border=False, width=600):
        name = st.text_input(t("people.key_name"), key="key_name", max_chars=120)
        scopes = st.multiselect(
            t("people.scopes"), here().brand.scopes, key="key_scopes", placeholder=t("parts.choose")
        )
        last = st.date_input(t("people.expires"), None, key="key_expires")
        st.caption(t("people.key_brand_text", brand=plain(here().brand.name)))
        if not st.form_submit_button(t("people.create_key"), type="primary"):
            return
    body: dict[str, object] = {"name": name.strip(), "scopes": scopes, "tenant_id": here().brand.id}
    if last:
        body["expires_at"] = datetime.combine(last, time(23, 59, 59), UTC).isoformat()
    try:
        made = here().api.send(Key, "POST", "/v1/keys", body, once=repeats.once_for("key", body))
    except ApiError as error:
        states.complain(error)
        return
    st.session_state["_made_key"] = made
    url.open_it("key", "")
    st.rerun(scope="app")


def _revoke(key: Key) -> None:
    last = figures.moment(key.last_used_at, here().brand.timezone)
    text = t("people.revoke_sure", name=plain(key.name), count=len(key.scopes), last=last)
    if not asking.sure("revoke", t("people.revoke"), text, typed=key.name):
        return
    try:
        here().api.send(Anything, "DELETE", f"/v1/keys/{key.id}")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("people.revoked"))
    url.open_it("key", "")
    st.rerun(scope="app")
