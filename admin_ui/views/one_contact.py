"""One contact: the timeline left; identities, tags, consent and merges right."""

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Consent, Contact, Order, Relation, Touch
from admin_ui.views import contact_side, erase_contact, join_contacts, merges
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
    if here().can("contacts:write") and contact.erased_at is None:
        join_contacts.draw(contact)
    erase_contact.draw(contact)


def _timeline(contact: Contact) -> None:
    st.header(t("contacts.timeline"), anchor=False)
    if not contact.touchpoints and not contact.orders and not contact.relations:
        st.caption(t("contacts.no_story"))
        return
    zone = here().brand.timezone
    story = [(touch.at, _touch(touch), "") for touch in contact.touchpoints]
    story += [(order.placed_at, _order(order), order.id) for order in contact.orders if order.placed_at]
    story += [(one.at, _relation(one), "") for one in contact.relations]
    columns = {name: t(f"contacts.{name}") for name in ("when", "what")}
    rows = [{"when": figures.moment(at, zone), "what": what} for at, what, _ in sorted(story, reverse=True)]
    parts.table(rows, columns, "timeline", alt=t("contacts.timeline"))
    for order in contact.orders[:5]:
        if here().can("attribution:read") and order.id:
            parts.link("order", t("contacts.receipt_of", order=plain(figures.order_no(order.order_no))), order=order.id)


def _touch(touch: Touch) -> str:
    words = [maybe(f"touch.{touch.kind}", touch.kind), channel_name(touch.channel), touch.placement or ""]
    return " · ".join(word for word in words if word)


def _relation(one: Relation) -> str:
    how = f"contacts.relation_{one.state}" + (f"_by_{one.by}" if one.by else "")
    return " · ".join((t(how, account=plain(one.account)), channel_name(one.channel)))


def _order(order: Order) -> str:
    amount, state = figures.money(order.amount, order.currency), parts.state(order.state)
    return f"{t('contacts.order')} {figures.order_no(order.order_no)} · {amount} · {state}"


def _identities(contact: Contact) -> None:
    st.header(t("contacts.identities"), anchor=False)
    for identity in contact.identities:
        st.markdown(contact_side.named(identity))
    for name, value in contact.profile.items():
        st.caption(f"{plain(name)} {plain(value)}")
    st.caption(t("contacts.masked"))


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
    if here().can("contacts:write") and (
        once := asking.sure("opt_out", t("contacts.opt_out"), t("contacts.opt_out_sure", number=contact.number))
    ):
        _opt_out(contact, once)


def _opt_out(contact: Contact, once: str) -> None:
    said = {"granted": False, "purpose": "*", "medium": "*", "source": "admin pages"}
    try:
        here().do("POST", f"contacts/{contact.id}/consent", said, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("contacts.opted_out"))
    st.rerun(scope="app")


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
            st.caption(t("contacts.into", loser=merge.loser.number, winner=merge.winner.number))
        if merge.state == "merged" and here().can("contacts:write"):
            back = "、".join(identity.masked for identity in merge.loser.identities) or figures.NONE
            text = t("contacts.undo_sure", loser=merge.loser.number, winner=merge.winner.number, what=plain(back))
            if once := asking.sure(f"undo_{merge.id}", t("contacts.undo"), text):
                merges.decide(merge, "undo", once)
