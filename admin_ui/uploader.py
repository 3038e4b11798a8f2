"""A file goes from the browser to the API with the cookie and never through this process; it reports the new id."""

from pathlib import Path

import streamlit as st

from admin_ui.session import browser_api, here
from admin_ui.words import t

_FOLDER = Path(__file__).parent / "static"

_mount = st.components.v2.component(
    "siyu_uploader",
    html=(_FOLDER / "uploader.html").read_text(encoding="utf-8"),
    css=(_FOLDER / "uploader.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "uploader.js").read_text(encoding="utf-8"),
)


def draw(kind: str, *, to: str = "imports") -> str:
    """Draw the drop zone; returns the id of the import (or job) that the file became, or nothing yet."""
    result = _mount(
        key=f"uploader_{kind}",
        data={
            "url": f"{browser_api()}{here().path(to)}",
            "kind": kind,
            "words": {name: t(f"import.upload_{name}") for name in ("choose", "sending", "failed", "expired")},
        },
        on_imported_change=lambda: None,
    )
    return str(getattr(result, "imported", None) or "")
