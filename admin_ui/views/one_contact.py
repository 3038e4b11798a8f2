"""One contact: the timeline left; identities, tags, consent and merges right."""

import streamlit as st

from admin_ui import figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Consent, Contact, Order, Touch
from admin_ui.views import merges
from admin_ui.words import channel_name, maybe, plain, t


def draw(contact: Contact) -> None:
    """The contact."""
    parts.back("contact")
    st.title(t("contacts.one", number=contact.number), anchor=False)
    st.caption(t("contacts.joined_at", at=figures.moment(contact.joined_at, here().brand.timezone)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _timeline(contact)
    with right:
        _identities(contact)
        _tags(contact)
        _consent(contact)
        _merges(contact)


def _timeline(contact: Contact) -> None:
    st.header(t("contacts.timeline"), anchor=False)
    if not contact.touchpoints and not contact.orders:
        st.caption(t("contacts.no_story"))
        return
    zone = here().brand.timezone
    story = [(touch.at, _touch(touch), "") for touch in contact.touchpoints]
    story += [(order.placed_at, _order(order), order.id) for order in contact.orders if order.placed_at]
    columns = {name: t(f"contacts.{name}") for name in ("when", "what")}
    rows = [{"when": figures.moment(at, zone), "what": what} for at, what, _ in sorted(story, reverse=True)]
    parts.table(rows, columns, "timeline", alt=t("contacts.timeline"))
    for order in contact.orders[:5]:
        if here().can("attribution:read") and order.id:
            parts.link("order", t("contacts.receipt_of", order=plain(figures.order_no(order.order_no))), order=order.id)


def _touch(touch: Touch) -> str:
    words = [maybe(f"touch.{touch.kind}", touch.kind), channel_name(touch.channel), touch.placement or ""]
    return " · ".join(word for word in words if word)


def _order(order: Order) -> str:
    amount, state = figures.money(order.amount, order.currency), parts.state(order.state)
    return f"{t('contacts.order')} {figures.order_no(order.order_no)} · {amount} · {state}"


def _identities(contact: Contact) -> None:
    st.header(t("contacts.identities"), anchor=False)
    for identity in contact.identities:
        st.markdown(f"{maybe(f'identity.{identity.kind}', identity.kind)}  `{identity.masked.replace('`', '')}`")


def _tags(contact: Contact) -> None:
    st.header(t("contacts.tags"), anchor=False)
    st.markdown(" ".join(f"`{tag.replace('`', '')}`" for tag in contact.tags) or figures.NONE)
    if not here().can("contacts:write"):
        return
    with st.form("tag", border=False, clear_on_submit=True), st.container(horizontal=True, vertical_alignment="bottom"):
        tag = st.text_input(t("contacts.new_tag"), key="new_tag", max_chars=60)
        sent = st.form_submit_button(t("contacts.add_tag"))
    if sent and tag.strip():
        try:
            here().do("POST", f"contacts/{contact.id}/tags", {"add": [tag.strip()]})
        except ApiError as error:
            states.complain(error)
            return
        st.rerun(scope="app")


def _consent(contact: Contact) -> None:
    st.header(t("contacts.consent"), anchor=False)
    if not contact.consent:
        st.caption(t("contacts.no_consent"))
    for entry in contact.consent:
        at = figures.moment(entry.at, here().brand.timezone)
        st.markdown(f"{_purpose(entry)} · {parts.state('granted' if entry.granted else 'withdrawn')} · {at}")


def _purpose(entry: Consent) -> str:
    purpose, medium = (t("contacts.every") if word == "*" else word for word in (entry.purpose, entry.medium))
    return f"{maybe(f'purpose.{purpose}', plain(purpose))} · {maybe(f'medium.{medium}', plain(medium))}"


def _merges(contact: Contact) -> None:
    if not contact.merges:
        return
    st.header(t("contacts.merges"), anchor=False)
    for merge in contact.merges:
        at = figures.moment(merge.at, here().brand.timezone)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{merges.merge_reason(merge)} · {parts.state(merge.state)} · {at}")
            undoable = merge.state in ("merged", "approved") and here().can("contacts:write")
            if undoable and st.button(t("contacts.undo"), key=f"undo_{merge.id}"):
                merges.decide(merge, "undo")
