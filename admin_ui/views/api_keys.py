"""API keys: made with scopes no wider than one's own, shown once, stopped for good."""

from datetime import UTC, datetime, time

import streamlit as st

from admin_ui import figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.access import Key
from admin_ui.shapes.web import Anything, Listed
from admin_ui.words import plain, t

COLUMNS = ("key_name", "starts_with", "key_brand", "scopes", "state", "expires", "last_used")


def draw() -> None:
    """The part of the page."""
    keys = here().api.read(Listed[Key], "/v1/keys", {"limit": 200}, fresh=True).items
    _show_secret()
    if keys:
        columns = {name: t(f"people.{name}") for name in COLUMNS}
        parts.table([_row(key) for key in keys], columns, "keys_table", alt=t("people.keys"))
    else:
        st.caption(t("people.no_keys"))
    if not here().can("keys:write"):
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.header(t("people.new_key"), anchor=False)
        _form()
    with right:
        _revoke([key for key in keys if key.state == "active"])


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
        st.session_state["_made_key"] = here().api.send(Key, "POST", "/v1/keys", body)
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")


def _revoke(keys: list[Key]) -> None:
    if not keys:
        return
    st.header(t("people.revoke"), anchor=False)
    by_id = {key.id: key for key in keys}
    picked = st.selectbox(
        t("people.key_name"), list(by_id), key="revoke_key", format_func=lambda code: by_id[code].name,
        placeholder=t("parts.choose"),
    )  # fmt: skip
    st.caption(t("people.revoke_text"))
    typed = st.text_input(t("people.revoke_type"), key="revoke_name")
    if st.button(t("people.revoke"), key="revoke", disabled=typed != by_id[picked].name):
        try:
            here().api.send(Anything, "DELETE", f"/v1/keys/{picked}")
        except ApiError as error:
            states.complain(error)
            return
        parts.say(t("people.revoked"))
        st.rerun(scope="app")
