"""From what was placed to what is credited, step by step, so that the total can be held against the shop's own."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.attribution import RevenueStep
from admin_ui.words import t

TAKEN = frozenset({"cancelled", "refunded", "waiting", "unattributed"})


def draw(steps: Sequence[RevenueStep]) -> None:
    """A small table; what is taken away stands with a minus, and what is nothing in between is left out."""
    if not steps:
        return
    st.header(t("revenue.title"), anchor=False)
    columns = {name: t(f"revenue.{name}") for name in ("step", "orders_n", "amount_n")}
    shown = [step for step in steps if step.code != "waiting" or step.orders or step.amount]
    parts.table([_row(step) for step in shown], columns, "revenue", numbers=("orders_n", "amount_n"))


def _row(step: RevenueStep) -> Row:
    sign = -1 if step.code in TAKEN else 1
    return {
        "step": t(f"revenue.{step.code}"),
        "orders_n": figures.count(step.orders) if step.code == "refunded" else figures.count(sign * step.orders),
        "amount_n": figures.money(sign * step.amount, here().brand.currency),
    }
