"""A file goes from the browser to the API with the cookie and never through this process; it reports the new id. Only a
small table that a page must look at first comes here, as text."""

from pathlib import Path

import streamlit as st

from admin_ui.session import browser_api, here
from admin_ui.words import t

TABLES = ".csv,.tsv,.txt"
MOST_TEXT = 90_000
"""Bytes of such a table; the API takes 100,000 characters."""
_FOLDER = Path(__file__).parent / "static"

_mount = st.components.v2.component(
    "siyu_uploader",
    html=(_FOLDER / "uploader.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "uploader.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "uploader.js").read_text(encoding="utf-8"),
)


def draw(kind: str, *, to: str = "imports", choose: str = "import.upload_choose", accept: str = TABLES) -> str:
    """Draw the drop zone; returns the id of the import (or job) that the file became, or nothing yet.

    choose: the key of what the zone says; accept: the endings that the browser offers, with commas.
    """
    words = {name: t(f"import.upload_{name}") for name in ("sending", "failed", "expired")}
    result = _mount(
        key=f"uploader_{kind}",
        data={
            "url": f"{browser_api()}{here().path(to)}",
            "kind": kind,
            "accept": accept,
            "words": {"choose": t(choose), **words},
        },
        on_imported_change=lambda: None,
    )
    return str(getattr(result, "imported", None) or "")


def read_text(kind: str, *, choose: str) -> str:
    """Draw the drop zone; returns the text of the table that was chosen, UTF-8 or GB18030, or nothing yet."""
    words = {name: t(f"import.upload_{name}") for name in ("failed", "too_large")}
    result = _mount(
        key=f"uploader_{kind}",
        data={"url": "", "accept": TABLES, "most": MOST_TEXT, "words": {"choose": t(choose), **words}},
        on_text_change=lambda: None,
    )
    return str(getattr(result, "text", None) or "")
