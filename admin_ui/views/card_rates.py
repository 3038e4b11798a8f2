"""How far a batch's cards came: out, scanned, redeemed, contacts, first orders, and the same by SKU."""

import streamlit as st

from admin_ui import charts, figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.cards import CardRates, Rates
from admin_ui.shapes.placements import Placement
from admin_ui.words import t

STEPS = ("out", "scanned", "redeemed", "contacts", "first_orders")
COLUMNS = ("sku", *(f"{step}_n" for step in STEPS), "scan_rate_n", "cost_n", "cost_per_contact_n")


def draw(placement: Placement) -> None:
    """The picture, and a table where the batch has several products."""
    query = {"by": "sku", "placement_id": placement.id}
    found = here().read(CardRates, "insights/cards", query, fresh=True)
    total = found.total
    if not total.out:
        return
    title = t("card_rates.title", rate=figures.percent(total.scan_rate))
    counts = [float(getattr(total, step)) for step in STEPS]
    st.vega_lite_chart(charts.bars([t(f"card_rates.{step}") for step in STEPS], counts, title), alt=title)
    columns = {name: t(f"card_rates.{name.removesuffix('_n')}") for name in COLUMNS}
    rows = [_row(one, placement.currency) for one in found.rows]
    parts.table(rows, columns, "card_rates", numbers=[name for name in COLUMNS if name.endswith("_n")])
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, f"cards-{placement.number}")
        parts.explain("card_rates", t("card_rates.how"))


def _row(one: Rates, money: str) -> Row:
    counts = {f"{step}_n": figures.count(getattr(one, step)) for step in STEPS}
    return {
        "sku": one.name or figures.NONE,
        **counts,
        "scan_rate_n": figures.percent(one.scan_rate),
        "cost_n": figures.money(one.cost, money),
        "cost_per_contact_n": figures.money(one.cost_per_contact, money),
    }
