"""Who outside is told what is recorded here? Endpoints, how they do, and their messages."""

import json

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from admin_ui import asking, figures, listing, parts, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.web import Anything, Listed
from admin_ui.shapes.webhooks import Endpoint, Message, TestAnswer
from admin_ui.words import plain, t

COLUMNS = ("name", "address", "state", "waiting_n", "delivered_n", "failed_n", "last_success")
MESSAGE_COLUMNS = ("made", "facts_n", "state", "attempts_n", "next_try", "error")
TYPES = (
    "touchpoint.recorded",
    "order.placed",
    "order.refunded",
    "order.cancelled",
    "contact.merged",
    "contact.unmerged",
    "contact.erased",
)


def draw(head: DeltaGenerator) -> None:
    """The list of endpoints; `head` is the place for the page's main button."""
    if here().can("keys:write") and head.button(t("webhooks.new"), type="primary", key="new_webhook"):
        url.open_it("webhook", "new")
        st.rerun(scope="app")
    found = here().read(Listed[Endpoint], "webhooks", fresh=True).items
    if not found:
        states.empty(t("webhooks.empty_title"), t("webhooks.empty_text"))
        return
    columns = {name: t(f"webhooks.{name}") for name in COLUMNS}
    parts.choose_row([_row(one) for one in found], columns, "webhooks_table", [one.id for one in found], "webhook")
    parts.explain("webhooks", t("webhooks.how"), figures_shown=False)


def draw_one(code: str) -> None:
    """A new endpoint, or one that is open."""
    parts.back("webhook")
    if code == "new":
        st.title(t("webhooks.new"), anchor=False)
        if here().can("keys:write"):
            _form(None)
        return
    endpoint = here().read(Endpoint, f"webhooks/{code}", fresh=True)
    head = parts.head(plain(endpoint.name))
    _show_secret(endpoint.id)
    _state(endpoint)
    if here().can("keys:write"):
        with head:
            _main_buttons(endpoint)
    _messages(endpoint)
    if here().can("keys:write"):
        with st.expander(t("webhooks.settings"), icon=":material/tune:"):
            _form(endpoint)
            _grave_buttons(endpoint)


def _row(one: Endpoint) -> dict[str, str]:
    return {
        "name": one.name,
        "address": one.url,
        "state": parts.state(one.state),
        "waiting_n": figures.count(one.messages.get("waiting", 0)),
        "delivered_n": figures.count(one.messages.get("delivered", 0)),
        "failed_n": figures.count(one.messages.get("failed", 0)),
        "last_success": figures.moment(one.last_success_at, here().brand.timezone),
    }


def _state(endpoint: Endpoint) -> None:
    zone = here().brand.timezone
    st.caption(f"{plain(endpoint.url)} · {parts.state(endpoint.state)}")
    if endpoint.state == "disabled":
        st.error(
            t(
                "webhooks.is_disabled",
                error=plain(endpoint.last_error or ""),
                since=figures.moment(endpoint.failing_since, zone),
            )
        )
    elif endpoint.last_error:
        st.warning(
            t(
                "webhooks.is_failing",
                error=plain(endpoint.last_error),
                since=figures.moment(endpoint.failing_since, zone),
            )
        )
    counts = endpoint.messages
    shown = {f"{name}_n": counts.get(name, 0) for name in ("waiting", "delivered", "failed")}
    parts.tiles([parts.Tile(t(f"webhooks.{name}"), figures.count(value)) for name, value in shown.items()], "webhook")


def _main_buttons(endpoint: Endpoint) -> None:
    if endpoint.state == "active":
        if st.button(t("webhooks.try"), key="try_webhook", help=t("webhooks.try_help")):
            _try(endpoint)
        if st.button(t("webhooks.pause"), key="pause_webhook"):
            _act(endpoint, "state", {"state": "paused"}, "webhooks.paused")
    elif st.button(t("webhooks.go_on"), type="primary", key="go_on_webhook"):
        _act(endpoint, "state", {"state": "active"}, "webhooks.goes_on")
    if endpoint.messages.get("failed") and st.button(t("webhooks.again"), key="again_webhook"):
        _act(endpoint, "again", {}, "webhooks.sent_again")


def _try(endpoint: Endpoint) -> None:
    try:
        told = here().send(TestAnswer, "POST", f"webhooks/{endpoint.id}/test", {})
    except ApiError as error:
        states.complain(error)
        return
    if told.taken:
        st.success(t("webhooks.try_taken"))
    else:
        st.error(t("webhooks.try_failed", error=plain(told.error or "")))


def _act(endpoint: Endpoint, what: str, body: dict[str, object], said: str) -> None:
    try:
        here().send(Endpoint, "POST", f"webhooks/{endpoint.id}/{what}", body)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(said))
    st.rerun(scope="app")


def _messages(endpoint: Endpoint) -> None:
    st.header(t("webhooks.messages"), anchor=False)
    found, rest = listing.read_pages(Listed[Message], here().path(f"webhooks/{endpoint.id}/messages"), {}, "messages")
    if not found:
        st.info(t("webhooks.no_messages"))
        return
    zone = here().brand.timezone
    columns = {name: t(f"webhooks.{name}") for name in MESSAGE_COLUMNS}
    rows = [
        {
            "made": figures.moment(one.created_at, zone),
            "facts_n": figures.count(one.facts),
            "state": parts.state(one.state),
            "attempts_n": figures.count(one.attempts),
            "next_try": figures.moment(one.next_at, zone),
            "error": one.last_error or "",
        }
        for one in found
    ]
    parts.table(rows, columns, "webhook_messages", alt=t("webhooks.messages"))
    listing.more("messages", len(found), rest)
    with st.expander(t("webhooks.newest"), icon=":material/data_object:"):
        st.json(json.loads(found[0].body))


def _form(endpoint: Endpoint | None) -> None:
    key = endpoint.id if endpoint else "new"
    with st.form(f"webhook_{key}", border=False, width=640):
        name = st.text_input(
            f"{t('webhooks.name')} *", endpoint.name if endpoint else "", key=f"name_{key}", max_chars=120
        )
        address = st.text_input(
            f"{t('webhooks.address')} *", endpoint.url if endpoint else "", key=f"url_{key}", max_chars=500,
            placeholder="https://", help=t("webhooks.address_help"),
        )  # fmt: skip
        chosen = st.multiselect(
            t("webhooks.types"), TYPES, endpoint.fact_types if endpoint else list(TYPES), key=f"types_{key}",
            format_func=lambda code: t(f"webhooks.{code.replace('.', '_')}"), placeholder=t("parts.choose"),
        )  # fmt: skip
        if not st.form_submit_button(t("webhooks.save"), type="primary"):
            return
    body: dict[str, object] = {"name": name.strip(), "url": address.strip(), "fact_types": chosen}
    try:
        if endpoint is None:
            made = here().send(Endpoint, "POST", "webhooks", body, once=repeats.once_for("webhook", body))
            _remember_secret(made)
            url.open_it("webhook", made.id)
        else:
            here().send(Endpoint, "PUT", f"webhooks/{endpoint.id}", body)
            parts.say(t("webhooks.saved"))
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")


def _remember_secret(made: Endpoint) -> None:
    st.session_state["_webhook_secret"] = made


def _show_secret(endpoint_id: str) -> None:
    made = st.session_state.get("_webhook_secret")
    if not isinstance(made, Endpoint) or made.id != endpoint_id:
        return
    with st.container(border=True, width=720):
        st.write(t("webhooks.secret_text"))
        st.code(made.secret or "", language=None)
        if st.button(t("people.link_seen"), type="primary", key="webhook_secret_seen"):
            del st.session_state["_webhook_secret"]
            st.rerun(scope="app")


def _grave_buttons(endpoint: Endpoint) -> None:
    with st.container(horizontal=True):
        once = asking.sure("new_secret", t("webhooks.new_secret"), t("webhooks.new_secret_sure"))
        waiting = figures.count(endpoint.messages.get("waiting", 0))
        sure = t("webhooks.remove_sure", name=plain(endpoint.name), count=waiting)
        gone = asking.sure("remove_webhook", t("webhooks.remove"), sure, typed=endpoint.name)
    try:
        if once:
            _remember_secret(here().send(Endpoint, "POST", f"webhooks/{endpoint.id}/secret", {}, once=once))
        elif gone:
            here().send(Anything, "DELETE", f"webhooks/{endpoint.id}")
            parts.say(t("webhooks.removed"))
            url.open_it("webhook", "")
        else:
            return
    except ApiError as error:
        states.complain(error)
        return
    st.rerun(scope="app")
