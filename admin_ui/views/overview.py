"""How the brand is doing, and which channels did it."""

from decimal import Decimal
from typing import Literal

import streamlit as st

from admin_ui import charts, figures, parts, period, states, url
from admin_ui.parts import Row, Tile
from admin_ui.period import Period
from admin_ui.session import here
from admin_ui.shapes.insights import ByDay, Measure, Numbers, Overview
from admin_ui.words import channel_name, t

MEASURES = ("contacts", "cost_per_contact", "cost", "touchpoints", "orders", "revenue", "cac", "roas")
MONEY = frozenset({"revenue", "cost", "cac", "cost_per_contact"})
# More cost is neither good nor bad by itself; a higher price of a contact or customer is bad.
BETTER: dict[str, Literal["up", "down", "neither"]] = {"cost": "neither", "cac": "down", "cost_per_contact": "down"}
COLUMNS = ("touchpoints", "contacts", "orders", "revenue", "cost", "cost_per_contact", "cac", "roas")


def draw() -> None:
    """The page."""
    moment = here()
    if not moment.brand.id:
        no_brand()
        return
    with parts.head(t("overview.title")):
        chosen = period.choose(moment.brand.timezone)
    found = moment.read(Overview, "overview", {**chosen.query(), "by": "day"})
    if _is_empty(found):
        _empty(chosen)
        return
    st.caption(f"{chosen.words()} · {t('overview.compared')}" if chosen.preset != "all" else chosen.words())
    parts.tiles([_tile(name, getattr(found.tiles, name)) for name in MEASURES], "overview_tiles")
    _chart(found, chosen)
    _channels(found)


def written(name: str, value: Decimal | int | None) -> str:
    """A measure in full."""
    if name in MONEY:
        return figures.money(value, here().brand.currency)
    return figures.ratio(value) if name == "roas" else figures.count(value)


def _tile(name: str, measure: Measure) -> Tile:
    value = measure.value
    if name in MONEY:
        short = figures.compact_money(value, here().brand.currency)
    else:
        short = figures.ratio(value) if name == "roas" else figures.compact(value)
    exact = f"{written(name, value)} · {t(f'overview.means_{name}')}"
    return Tile(t(f"overview.{name}"), short, measure.change, BETTER.get(name, "up"), exact)


def _chart(found: Overview, chosen: Period) -> None:
    with st.container(key="overview_chart_head", horizontal=True, vertical_alignment="center"):
        st.header(t("overview.by_day"), anchor=False, width="content")
        shown = url.choose("show", t("overview.by_day"), MEASURES, "contacts", lambda code: t(f"overview.{code}"))
    title = t(f"overview.{shown}")
    if shown in MONEY:
        title = f"{title} ({figures.symbol(here().brand.currency).strip()})"
    days = _lived(found.by_day) if chosen.preset == "all" else found.by_day
    values = [getattr(row, shown) for row in days]
    spec = charts.line_by_day(
        [row.day.isoformat() for row in days],
        [None if value is None else float(value) for value in values],
        title,
        unfinished=chosen.last == period.today(here().brand.timezone),
    )
    with st.container(key="overview_chart"):
        st.vega_lite_chart(spec, alt=f"{title}, {chosen.words()}")
    parts.source(t("overview.source"))


def _lived(days: list[ByDay]) -> list[ByDay]:
    """All time begins with the first day on which something happened, not with the calendar of the preset."""
    busy = [n for n, day in enumerate(days) if day.touchpoints or day.orders or day.contacts or day.cost]
    return days[busy[0] : busy[-1] + 2] if busy else days


def _channels(found: Overview) -> None:
    st.header(t("overview.by_channel"), anchor=False)
    st.caption(t("overview.credited_by"))
    columns = {"name": t("overview.channel"), **{name: t(f"overview.{name}") for name in COLUMNS}}
    names = [channel_name(row.name) if row.key else t("attribution.unattributed") for row in found.by_channel]
    rows: list[Row] = [{"name": name, **_cells(row)} for name, row in zip(names, found.by_channel, strict=True)]
    values = [None if row.revenue is None else float(row.revenue) for row in found.by_channel]
    title = f"{t('overview.revenue')} ({figures.symbol(here().brand.currency).strip()})"
    with st.container(key="overview_bars"):
        st.vega_lite_chart(charts.bars(names, values, title), alt=title)
    parts.table(rows, columns, "overview_channels", numbers=COLUMNS, alt=t("overview.by_channel"))
    with st.container(horizontal=True, vertical_alignment="center"):
        raw: list[Row] = [{"name": row.name, **_raw(row)} for row in found.by_channel]
        parts.export(raw, columns, "channels")
        parts.explain("overview", t("overview.how"))


def _cells(row: Numbers) -> dict[str, str]:
    return {name: written(name, getattr(row, name)) for name in COLUMNS}


def _raw(row: Numbers) -> dict[str, str | None]:
    return {name: None if getattr(row, name) is None else str(getattr(row, name)) for name in COLUMNS}


def _is_empty(found: Overview) -> bool:
    tiles = found.tiles
    return not any(measure.value for measure in (tiles.contacts, tiles.touchpoints, tiles.orders, tiles.cost))


def _empty(chosen: Period) -> None:
    """Nothing in this period is another thing than nothing at all."""
    if chosen.preset != "all":
        box = states.empty(t("overview.nothing_here_title"), t("overview.nothing_here_text"))
        box.button(t("overview.show_all"), key="show_all", on_click=_show_all, type="primary")
        return
    box = states.empty(t("overview.first_title"), t("overview.first_text"))
    with box:
        if here().can("imports:write"):
            parts.link("import", t("overview.first_import"), icon=":material/upload_file:")
        if here().can("channels:write"):
            parts.link("channels", t("overview.first_channel"), icon=":material/hub:")


def _show_all() -> None:
    st.session_state["days"] = "all"


def no_brand() -> None:
    """What every page says while the reader has no brand."""
    st.title(t("overview.title"), anchor=False)
    with states.empty(t("overview.no_brand_title"), t("overview.no_brand_text")):
        if here().me.role is not None:
            parts.link("agency", t("overview.no_brand_go"), icon=":material/add:")
