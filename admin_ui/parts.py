"""The pieces every page is made of: head, tiles, tables with their export, notes."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from admin_ui import figures, url
from admin_ui.session import here
from admin_ui.shapes.placements import Placement
from admin_ui.words import maybe, plain, t

Cell = str | int | float | None
Row = Mapping[str, Cell]
TILE_WIDTH = 150
DELTA_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {"up": "normal", "down": "inverse", "neither": "off"}


@dataclass(frozen=True)
class Tile:
    """One headline number; `better` says which direction is good for the brand."""

    label: str
    value: str
    change: float | None = None
    better: Literal["up", "down", "neither"] = "up"
    exact: str = ""


def head(title: str) -> st.delta_generator.DeltaGenerator:
    """Title left; what is returned is the place at the right, for period or actions."""
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    left.title(title, anchor=False)
    return right.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom")


def tiles(shown: Sequence[Tile], key: str) -> None:
    """Headline numbers in a grid that becomes two columns on a phone."""
    with (
        st.container(key=key),
        st.grid(4 if len(shown) == 8 else min(len(shown), 6), min_column_width=TILE_WIDTH, gap="small"),
    ):
        for tile in shown:
            st.metric(
                tile.label,
                tile.value,
                figures.signed_percent(tile.change),
                delta_color=DELTA_COLOURS[tile.better],
                help=tile.exact or None,
                border=True,
            )


def table(
    rows: Sequence[Row],
    columns: Mapping[str, str],
    key: str,
    *,
    numbers: Sequence[str] = (),
    pick: bool = False,
    alt: str = "",
) -> int | None:
    """A table of ready texts; `numbers` are set right. With `pick`, the index of the chosen row."""
    if not rows:
        # Streamlit would write its own English word here.
        st.caption(t("parts.no_rows"))
        return None
    config = {
        name: st.column_config.TextColumn(label, alignment="right" if name in numbers else "left")
        for name, label in columns.items()
    }
    shown = [{name: row.get(name) for name in columns} for row in rows]
    with st.container(key=f"{key}_box"):
        if not pick:
            st.dataframe(
                shown, column_config=config, hide_index=True, key=key, placeholder=figures.NONE, alt=alt or None
            )
            return None
        # A click anywhere in the row counts: nobody looks for the little box that choosing rows would add.
        chosen = st.dataframe(
            shown,
            column_config=config,
            hide_index=True,
            key=key,
            on_select="rerun",
            selection_mode="single-cell",
            placeholder=figures.NONE,
            alt=alt or None,
        )
        cells = chosen["selection"]["cells"]
        return int(cells[0][0]) if cells else None


def choose_row(rows: Sequence[Row], columns: Mapping[str, str], key: str, ids: Sequence[str], name: str) -> None:
    """A table whose rows open: a click puts the row's id into the URL as `name` and redraws the page."""
    numbers = [column for column in columns if column.endswith("_n")]
    st.caption(t("parts.click_row"))
    picked = table(rows, columns, f"{key}_{url.openings()}", numbers=numbers, pick=True)
    if picked is not None and picked < len(ids):
        url.open_it(name, ids[picked])
        st.rerun(scope="app")


def back(name: str) -> None:
    """From an opened thing to the list."""
    if st.button(t("parts.back"), icon=":material/arrow_back:", type="tertiary", key=f"back_{name}"):
        url.open_it(name, "")
        st.rerun(scope="app")


def state(code: str) -> str:
    """The word for a state of anything, with a mark so that it can be told without colour."""
    marks = {"active": "●", "running": "◐", "done": "✓", "dead": "✕", "failed": "✕", "archived": "○", "disabled": "○"}
    word = maybe(f"state.{code}", plain(code))
    return f"{marks[code]} {word}" if code in marks else word


def as_csv(rows: Sequence[Row], columns: Mapping[str, str]) -> bytes:
    """UTF-8 with a mark, because Excel reads Chinese only so; formulas are defused."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(_harmless(row.get(name)) for name in columns)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def export(rows: Sequence[Row], columns: Mapping[str, str], name: str) -> None:
    """Download what the table shows, with the full digits."""
    st.download_button(
        t("parts.export_csv"),
        data=lambda: as_csv(rows, columns),
        file_name=f"{name}.csv",
        mime="text/csv",
        on_click="ignore",
        key=f"export_{name}",
        icon=":material/download:",
    )


def link(code: str, label: str, *, icon: str | None = None, **query: str) -> None:
    """A link to another page that stays in this session; brand and language are carried along by the frame."""
    page = pages().get(code)
    if page is not None:
        st.page_link(page, label=label, icon=icon, query_params=query or None)


def go(code: str, **query: str) -> None:
    """Leave for another page."""
    st.switch_page(pages()[code], query_params=query or None)


def pages() -> dict[str, StreamlitPage]:
    """The pages of this run by code; the frame puts them there."""
    found: dict[str, StreamlitPage] = st.session_state.get("_pages", {})
    return found


def source(text: str) -> None:
    """The foot of a chart or table: where the numbers come from and in which units."""
    brand = here().brand
    st.caption(f"{text} · {plain(brand.timezone)} · {plain(brand.currency)}")


def phase(placement: Placement) -> str:
    """Where a placement is in its period, or that it is out of use."""
    if placement.state != "active" or not placement.phase:
        return state(placement.state)
    return t(f"placements.phase_{placement.phase}")


def explain(key: str, text: str, *, figures_shown: bool = True) -> None:
    """How is this computed (or, where nothing is, how does this work), in place."""
    with st.popover(
        t("parts.how" if figures_shown else "parts.how_works"),
        icon=":material/help:",
        key=f"how_{key}",
        type="tertiary",
    ):
        st.markdown(text)


def say(text: str) -> None:
    """A message that survives the rerun after an action."""
    st.session_state["_said"] = text


def said() -> None:
    """Show what the last action said."""
    text = st.session_state.pop("_said", None)
    if text:
        st.toast(text)
