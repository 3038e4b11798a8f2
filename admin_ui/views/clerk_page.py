"""A clerk's own page: its address to hand over, and the button that takes it back."""

import streamlit as st

from admin_ui import asking, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.stores import ClerkPage
from admin_ui.words import plain, t


def draw(placement: Placement) -> None:
    """What can be done about the page of this clerk."""
    path = f"placements/{placement.id}/clerk_page"
    found = here().read(ClerkPage, path, fresh=True)
    st.write(t("stores.clerk_text"))
    if found.url is None:
        if st.button(t("stores.clerk_make"), type="primary", key="clerk_make"):
            _change("POST", path, t("stores.clerk_made"))
        return
    st.code(found.url, language=None)
    st.caption(t("stores.clerk_secret"))
    name = plain(placement.name)
    with st.container(horizontal=True):
        if once := asking.sure("clerk_again", t("stores.clerk_again"), t("stores.clerk_again_sure", name=name)):
            _change("POST", path, t("stores.clerk_made"), once=once)
        if once := asking.sure("clerk_close", t("stores.clerk_close"), t("stores.clerk_close_sure", name=name)):
            _change("DELETE", path, t("stores.clerk_closed"), once=once)


def _change(method: str, path: str, said: str, *, once: str = "") -> None:
    try:
        here().do(method, path, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(said)
    st.rerun(scope="app")
