"""What the platform counted of a placement: views and followers by day, what one of each cost, and its links apart."""

import streamlit as st

from admin_ui import charts, figures, parts
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.figures import Figures
from admin_ui.shapes.placements import Placement
from admin_ui.words import plain, t

NAMES = ("impressions", "views", "likes", "comments", "shares", "favourites", "followers", "clicks")


def draw(placement: Placement) -> None:
    """The tab."""
    found = here().read(Figures, f"placements/{placement.id}/figures", fresh=True)
    if found.totals:
        _tiles(found)
        _by_day(found, placement)
    else:
        st.caption(t("seen.nothing"))
    st.markdown(f"**{t('seen.links')}**")
    rows = [
        {
            "label": plain(link.label) or link.code,
            "clicks": figures.count(link.clicks),
            "people": figures.count(link.people),
            "contacts": figures.count(link.contacts),
        }
        for link in found.links
    ]
    numbers = ("clicks", "people", "contacts")
    parts.table(
        rows, {name: t(f"seen.link_{name}") for name in ("label", *numbers)}, "figures_of_links", numbers=numbers
    )
    st.caption(t("seen.links_how"))


def _tiles(found: Figures) -> None:
    prices, money = found.cost_per, found.currency
    shown = [Tile(t(f"seen.{name}"), figures.compact(found.totals[name])) for name in NAMES if name in found.totals]
    parts.tiles(shown[:8], "figure_tiles")
    parts.tiles(
        [
            Tile(t("seen.per_view"), figures.money(prices.view, money)),
            Tile(t("seen.per_follower"), figures.money(prices.follower, money)),
            Tile(t("seen.per_click"), figures.money(prices.click, money)),
            Tile(t("seen.per_contact"), figures.money(prices.contact, money)),
        ],
        "price_tiles",
    )


def _by_day(found: Figures, placement: Placement) -> None:
    main = "views" if "views" in found.totals else next(iter(found.totals))
    days = [day.day.isoformat() for day in found.days]
    if len(days) > 1:
        values = [float(day.counts.get(main, 0)) for day in found.days]
        chart = charts.line_by_day(days, values, t(f"seen.{main}"), unfinished=False)
        st.vega_lite_chart(chart, width="stretch", key="figures_by_day")
    names = [name for name in NAMES if name in found.totals]
    columns = {"day": t("seen.day")} | {name: t(f"seen.{name}") for name in names}
    if any(day.spend is not None for day in found.days):
        columns["spend"] = t("seen.spend")
    rows = [
        {"day": day.day.isoformat()}
        | {name: figures.count(day.counts.get(name, 0)) for name in names}
        | {"spend": figures.money(day.spend, placement.currency)}
        for day in reversed(found.days)
    ]
    with st.expander(t("seen.table")):
        parts.table(rows, columns, "figures_table", numbers=[name for name in columns if name != "day"])
        parts.export(rows, columns, f"figures-{placement.number}")
