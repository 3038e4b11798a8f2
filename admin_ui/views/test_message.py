"""A campaign's message to oneself, before others get it."""

import streamlit as st

from admin_ui import repeats, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.campaigns import Campaign, Tested
from admin_ui.words import maybe, plain, t


def draw(campaign: Campaign) -> None:
    """The form. What became of it is told below, and counted nowhere."""
    with st.expander(t("campaigns.test"), icon=":material/outgoing_mail:"):
        st.caption(t("campaigns.test_text"))
        with st.form("test_message", border=False):
            address = st.text_input(t("campaigns.test_to"), key="test_to", max_chars=256, width=320)
            sent = st.form_submit_button(t("campaigns.test_send"))
        if sent and address.strip():
            _send(campaign, address.strip())


def _send(campaign: Campaign, address: str) -> None:
    body = {"address": address}
    try:
        done = here().send(
            Tested, "POST", f"campaigns/{campaign.id}/test", body, once=repeats.once_for("test_message", body)
        )
    except ApiError as error:
        states.complain(error)
        return
    repeats.done_with("test_message")
    if done.state in ("accepted", "delivered"):
        st.success(t("campaigns.test_sent"))
    else:
        reason = done.reason or maybe(f"state.{done.state}", done.state)
        st.warning(t("campaigns.test_failed", reason=plain(reason)))
