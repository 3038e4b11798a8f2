"""Merges: those that wait for a person, with both sides; and what was merged, undone or kept apart."""

import streamlit as st

from admin_ui import asking, figures, listing, parts, states, url
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Merge, Party
from admin_ui.shapes.web import Listed
from admin_ui.views import contact_side
from admin_ui.words import maybe, plain, t

STATES = ("parked", "merged", "approved", "undone", "rejected")
COLUMNS = ("when", "merge_reason", "stayed", "became_part")


def draw() -> None:
    """The state chosen, and its merges."""
    state = url.choose("merges", t("contacts.merges"), STATES, "parked", lambda code: t(f"contacts.merges_{code}"))
    st.caption(t(f"contacts.about_{state}"))
    merges, rest = listing.read_pages(Listed[Merge], here().path("merges"), {"state": state, "limit": 20}, "merges")
    if not merges:
        st.info(t("contacts.no_merges" if state == "parked" else "contacts.no_merges_here"))
        return
    if state == "parked":
        for merge in merges:
            _review(merge)
    else:
        columns = {name: t(f"contacts.{name}") for name in COLUMNS}
        ids = [merge.winner.id for merge in merges]
        parts.choose_row([_row(merge) for merge in merges], columns, "merges_table", ids, "contact")
    listing.more("merges", len(merges), rest)


def _row(merge: Merge) -> dict[str, str]:
    return {
        "when": figures.moment(merge.at, here().brand.timezone),
        "merge_reason": merge_reason(merge),
        "stayed": _short(merge.winner),
        "became_part": _short(merge.loser),
    }


def _short(party: Party) -> str:
    return f"{party.number}  " + "  ".join(identity.masked for identity in party.identities[:2])


def _review(merge: Merge) -> None:
    with st.container(border=True, key=f"merge_{merge.id}"):
        st.markdown(f"**{t('contacts.merge_of', a=merge.winner.number, b=merge.loser.number)}**")
        st.caption(f"{merge_reason(merge)} · {figures.moment(merge.at, here().brand.timezone)}")
        left, right = st.columns(2)
        for place, party in ((left, merge.winner), (right, merge.loser)):
            side = contact_side.read_side(party.id)
            with place:
                if side is None:
                    st.caption(t("contacts.one", number=party.number))
                else:
                    contact_side.draw(side, party.identities)
        if here().can("contacts:write"):
            with st.container(horizontal=True):
                _verb(merge, "approve")
                _verb(merge, "reject")


def merge_reason(merge: Merge) -> str:
    """Why the two were, or may be, one."""
    return maybe(f"merge.{merge.reason}", plain(merge.reason))


def _verb(merge: Merge, verb: str) -> None:
    text = t(f"contacts.{verb}_sure", winner=merge.winner.number, loser=merge.loser.number)
    if once := asking.sure(f"{verb}_{merge.id}", t(f"contacts.{verb}"), text):
        decide(merge, verb, once)


def decide(merge: Merge, verb: str, once: str) -> None:
    """Approve, reject or undo."""
    try:
        here().do("POST", f"merges/{merge.id}/{verb}", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"contacts.{verb}_done"))
    st.rerun(scope="app")
