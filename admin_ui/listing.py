"""Long lists, a page at a time: what has been read stays, and a button brings the next page."""

from typing import TypeVar

import streamlit as st
from pydantic import BaseModel

from admin_ui.client import Query
from admin_ui.session import here
from admin_ui.shapes.web import Listed
from admin_ui.words import t

Item = TypeVar("Item", bound=BaseModel)
STEP = 50


def read_pages(shape: type[Listed[Item]], path: str, query: Query, key: str) -> tuple[list[Item], bool]:
    """The items of the pages that the reader has asked for so far, and whether there are more.

    Another query begins with one page again.
    """
    asked = f"{path}?{sorted(query.items())}"
    wanted = st.session_state.get(f"_pages_{key}", 1) if st.session_state.get(f"_listed_{key}") == asked else 1
    st.session_state[f"_listed_{key}"], st.session_state[f"_pages_{key}"] = asked, wanted
    items: list[Item] = []
    cursor: str | None = None
    for _ in range(wanted):
        page = here().api.read(shape, path, {"limit": STEP, **query, "cursor": cursor}, fresh=True)
        items += page.items
        cursor = page.next
        if cursor is None:
            break
    return items, cursor is not None


def more(key: str, shown: int, there_are_more: bool) -> None:
    """The foot of the list: how many stand above, and the next page."""
    if not there_are_more:
        st.caption(t("parts.all_shown", count=shown))
        return
    with st.container(horizontal=True, vertical_alignment="center", key=f"more_{key}"):
        st.caption(t("parts.first_shown", count=shown))
        st.button(t("parts.more"), key=f"more_{key}_button", on_click=_one_more, args=(key,))


def _one_more(key: str) -> None:
    st.session_state[f"_pages_{key}"] = st.session_state.get(f"_pages_{key}", 1) + 1
