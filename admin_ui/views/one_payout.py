"""One reward: what became of it, and what a person may do about it. Nothing here can pay twice."""

from decimal import Decimal

import streamlit as st

from admin_ui import asking, figures, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.rewards import Payout
from admin_ui.words import maybe, plain, t


def draw(one: Payout, currency: str, place: str) -> None:
    """A box above the list."""
    with st.container(border=True, key="payout_box"):
        amount = figures.money(Decimal(one.amount), currency)
        st.header(t("rewards.one", amount=amount, state=maybe(f"rewards.is_{one.state}", one.state)), anchor=False)
        lines = [t("rewards.one_bill", bill=plain(one.bill))]
        if one.provider_id:
            lines.append(t("rewards.one_vendor", number=plain(one.provider_id)))
        if one.reason:
            lines.append(maybe(f"reason.{one.reason}", plain(one.reason)))
        st.markdown("  \n".join(lines))
        if hint := maybe(f"rewards.hint_{one.state}", ""):
            st.caption(hint)
        _links(one, place)
        if here().can("rewards:write"):
            _act(one, amount)
        if st.button(t("rewards.close"), key="close_payout", type="tertiary"):
            url.open_it("payout", "")
            st.rerun(scope="app")


def _links(one: Payout, place: str) -> None:
    """To the person, and to the cards."""
    with st.container(horizontal=True):
        if one.contact_id and here().can("contacts:read"):
            parts.link("contacts", t("rewards.person"), icon=":material/person:", contact=one.contact_id)
        if place:
            parts.link("placements", plain(place), icon=":material/local_post_office:", placement=one.placement_id)


def _act(one: Payout, amount: str) -> None:
    with st.container(horizontal=True):
        if one.may_be_retried:
            _ask(one, "retry", "retry", {}, amount)
        if one.state == "waiting":
            _ask(one, "cancel", "cancel", {}, amount)
        if one.state == "unknown":
            _ask(one, "paid", "settle", {"outcome": "succeeded"}, amount)
            _ask(one, "not_paid", "settle", {"outcome": "failed"}, amount)


def _ask(one: Payout, deed: str, path: str, body: dict[str, str], amount: str) -> None:
    once = asking.sure(f"payout_{deed}", t(f"rewards.{deed}"), t(f"rewards.{deed}_sure", amount=amount))
    if not once:
        return
    try:
        here().send(Payout, "POST", f"rewards/payouts/{one.id}/{path}", body, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("rewards.done"))
    st.rerun(scope="app")
