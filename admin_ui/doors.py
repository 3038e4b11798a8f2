"""Ways out of this app in the same tab, which Streamlit's own links cannot do: to the login page, and signing out."""

from pathlib import Path
from urllib.parse import quote

import streamlit as st

from admin_ui.session import browser_api
from admin_ui.words import t

_FOLDER = Path(__file__).parent / "static"

_mount = st.components.v2.component(
    "siyu_door",
    html='<button type="button"></button>',
    css=(_FOLDER / "door.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "door.js").read_text(encoding="utf-8"),
)


def login_url() -> str:
    """The API's login page, which comes back to where the reader is."""
    return f"{browser_api()}/login?next={quote(st.context.url or '', safe='')}"


def sign_in() -> None:
    """Go to the login page."""
    data = {"label": t("states.sign_in"), "url": login_url(), "method": "get", "kind": "primary"}
    _mount(key="sign_in", data=data, width="content")


def sign_out() -> None:
    """End the session; the answer leads to the login page."""
    data = {"label": t("frame.sign_out"), "url": f"{browser_api()}/logout", "method": "post", "kind": "quiet"}
    _mount(key="sign_out", data=data, width="content")
