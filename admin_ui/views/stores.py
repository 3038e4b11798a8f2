"""Who sells, and where? Clerks by the code on their receipts, places, and stores with all that belongs to them."""

from decimal import Decimal

import streamlit as st

from admin_ui import figures, parts, period, states, url
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.stores import Board, Sold
from admin_ui.words import maybe, t

VIEWS = ("staff", "stores", "places")


def draw() -> None:
    """The page."""
    with parts.head(t("stores.title")):
        chosen = period.choose(here().brand.timezone)
    board = here().read(Board, "stores/board", chosen.query())
    if not board.staff and not board.places:
        with states.empty(t("stores.empty_title"), t("stores.empty_text")):
            if here().can("placements:write"):
                parts.link("placements", t("stores.first_place"), icon=":material/storefront:")
        return
    _tiles(board)
    first = "staff" if board.staff else "places"
    view = url.choose("by", t("stores.view"), VIEWS, first, lambda code: t(f"stores.by_{code}"))
    rows = {"staff": board.staff, "stores": board.stores, "places": board.places}[view]
    if rows:
        _table(rows, view, board.currency)
    else:
        st.write(t(f"stores.no_{view}"))
    parts.source(t("stores.source", range=chosen.words()))
    parts.explain("stores", t("stores.how"))


def _tiles(board: Board) -> None:
    every = [*board.staff, *board.places]
    revenue = sum((Decimal(one.revenue) for one in every), Decimal(0))
    parts.tiles(
        [
            Tile(t("stores.contacts_n"), figures.compact(sum(one.contacts for one in every))),
            Tile(t("stores.orders_n"), figures.compact(sum(one.orders for one in every))),
            Tile(t("stores.revenue_n"), figures.compact_money(revenue, board.currency)),
            Tile(t("stores.sellers"), figures.count(sum(one.orders > 0 for one in board.staff))),
        ],
        "stores_tiles",
    )


def _table(rows: list[Sold], view: str, currency: str) -> None:
    shown = [_row(place, one, currency) for place, one in enumerate(rows, 1)]
    names = ["rank_n", "name", "store", "contacts_n", "checked_in_n", "orders_n"]
    names += ["revenue_n", "cost_n", "per_contact_n"]
    if view == "places":
        names.insert(2, "what")
    columns = {name: t(f"stores.{name}") for name in names}
    parts.table(shown, columns, f"stores_{view}", numbers=[name for name in names if name.endswith("_n")])
    parts.export(shown, columns, f"stores-{view}")


def _row(rank: int, one: Sold, currency: str) -> dict[str, str]:
    return {
        "rank_n": figures.count(rank),
        "name": one.name,
        "what": maybe(f"stores.is_{one.place}", one.place),
        "store": one.store or figures.NONE,
        "contacts_n": figures.count(one.contacts),
        "checked_in_n": figures.count(one.checked_in),
        "orders_n": figures.count(one.orders),
        "revenue_n": figures.money(Decimal(one.revenue), currency),
        "cost_n": figures.money(Decimal(one.cost), currency),
        # Where nothing was spent, nobody's price is known.
        "per_contact_n": figures.money(one.cost_per_contact, currency) if Decimal(one.cost) else figures.NONE,
    }
