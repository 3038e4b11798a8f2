"""Messages of which nobody knows whether they left: what happens by itself, what to ask, and closing them by hand."""

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.campaigns import Campaign, Delivery, Settled
from admin_ui.shapes.web import Listed
from admin_ui.words import maybe, plain, t

MOST = 200
COLUMNS = ("contact_n", "key", "provider_id", "reason", "sent_at")


def draw(campaign: Campaign) -> None:
    """The list with its two ways out. It never sends anything again."""
    count = campaign.counts.get("unknown", 0)
    path = f"campaigns/{campaign.id}/deliveries"
    found = here().read(Listed[Delivery], path, {"state": "unknown", "limit": MOST}, fresh=True).items
    with st.container(border=True, key="unknown_box"):
        st.header(t("campaigns.unknown_title", count=figures.count(count)), anchor=False)
        st.markdown(t("campaigns.unknown_text"))
        columns = {name: t(f"campaigns.{name}") for name in COLUMNS}
        rows = [_row(one) for one in found]
        parts.table(rows, columns, "unknown_deliveries", numbers=("contact_n",), alt=t("campaigns.unknown_alt"))
        parts.export(rows, columns, "unknown-deliveries")
        if here().can("campaigns:write") and found:
            _close(campaign, found)


def _row(one: Delivery) -> dict[str, str]:
    return {
        "contact_n": str(one.contact_number),
        "key": one.key,
        "provider_id": one.provider_id or figures.NONE,
        "reason": maybe(f"reason.{one.reason}", one.reason or ""),
        "sent_at": figures.moment(one.sent_at, here().brand.timezone),
    }


def _close(campaign: Campaign, found: list[Delivery]) -> None:
    by_number = {one.number: one for one in found}
    picked = st.multiselect(
        t("campaigns.unknown_which"), list(by_number), key="unknown_which", placeholder=t("campaigns.unknown_all"),
        format_func=lambda number: t("contacts.one", number=by_number[number].contact_number),
    )  # fmt: skip
    numbers = picked or list(by_number)
    with st.container(horizontal=True):
        for outcome in ("accepted", "failed"):
            text = t(f"campaigns.close_{outcome}_sure", count=figures.count(len(numbers)), name=plain(campaign.name))
            if once := asking.sure(f"close_{outcome}", t(f"campaigns.close_{outcome}"), text):
                _settle(campaign, numbers, outcome, once)


def _settle(campaign: Campaign, numbers: list[int], outcome: str, once: str) -> None:
    path = f"campaigns/{campaign.id}/deliveries/settle"
    try:
        done = here().send(Settled, "POST", path, {"numbers": numbers, "outcome": outcome}, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("campaigns.closed", count=figures.count(done.settled)))
    st.rerun(scope="app")
