"""Merges that wait for a person, and how one is decided or undone."""

import streamlit as st

from admin_ui import figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.contacts import Merge
from admin_ui.shapes.web import Listed
from admin_ui.words import maybe, plain, t


def draw() -> None:
    """What the rules would not decide by themselves."""
    merges = here().read(Listed[Merge], "merges", {"state": "parked"}, fresh=True).items
    st.caption(t("contacts.merges_text"))
    if not merges:
        st.info(t("contacts.no_merges"))
        return
    for merge in merges:
        with st.container(border=True, key=f"merge_{merge.id}"):
            st.markdown(t("contacts.merge_of", a=merge.winner.number, b=merge.loser.number))
            for party in (merge.winner, merge.loser):
                known = "  ".join(identity.masked for identity in party.identities) or figures.NONE
                st.caption(f"{party.number}: {plain(known)}")
            st.caption(f"{merge_reason(merge)} · {figures.moment(merge.at, here().brand.timezone)}")
            if here().can("contacts:write"):
                with st.container(horizontal=True):
                    _verb(merge, "approve")
                    _verb(merge, "reject")


def merge_reason(merge: Merge) -> str:
    """Why the two were, or may be, one."""
    return maybe(f"merge.{merge.reason}", plain(merge.reason))


def _verb(merge: Merge, verb: str) -> None:
    if st.button(t(f"contacts.{verb}"), key=f"{verb}_{merge.id}"):
        decide(merge, verb)


def decide(merge: Merge, verb: str) -> None:
    """Approve, reject or undo; all three can be taken back by another."""
    try:
        here().do("POST", f"merges/{merge.id}/{verb}")
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t(f"contacts.{verb}_done"))
    st.rerun(scope="app")
