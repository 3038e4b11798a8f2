"""What a channel model was solved from: the steps of the Markov chain, the coalitions of the Shapley game."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import figures, inside_charts, parts, states
from admin_ui.client import NotThere
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.attribution import Chain, Coalitions, Run, Step
from admin_ui.words import channel_name, maybe, t

MODELS = ("markov", "shapley")
MOST_STATES, MOST_BARS = 14, 12


def draw(run: Run, model: str) -> None:
    """The page of one model of a run."""
    parts.back("inside")
    st.header(t("inside.title", model=maybe(f"models.{model}", model)), anchor=False)
    try:
        (_coalitions if model == "shapley" else _chain)(run, model)
    except NotThere:
        states.empty(t("inside.none_title"), t("inside.none_text"))


def _chain(run: Run, model: str) -> None:
    chain = here().read(Chain, f"attribution/runs/{run.id}/chain", {"model": model})
    st.write(t("inside.chain_text"))
    effects = sorted(
        ((channel_name(one.channel), one.removal_effect) for one in chain.effects), key=lambda row: -row[1]
    )
    names = [name for name, _ in effects]
    title = t("inside.transitions")
    if len(names) <= MOST_STATES:
        start, ends = t("inside.start"), [t("inside.conversion"), t("inside.null")]
        cells = [(_end(one, "source"), _end(one, "target"), one.chance, one.times) for one in chain.steps]
        with st.container(key="inside_heat"):
            st.vega_lite_chart(inside_charts.heat(cells, [start, *names], [*names, *ends], title), alt=title)
    title = t("inside.removal")
    with st.container(key="inside_effects"):
        st.vega_lite_chart(inside_charts.ranked(effects[:MOST_BARS], title, shown=".1%"), alt=title)
    _chain_table(chain)


def _chain_table(chain: Chain) -> None:
    columns = {name: t(f"inside.{name}") for name in ("from", "to", "times_n", "chance_n")}
    rows: list[Row] = [
        {
            "from": _end(one, "source"),
            "to": _end(one, "target"),
            "times_n": figures.count(one.times),
            "chance_n": figures.percent(one.chance),
        }
        for one in chain.steps
    ]
    parts.table(rows, columns, "chain", numbers=("times_n", "chance_n"), alt=t("inside.transitions"))
    _foot(rows, columns, "chain", chain.left_out)


def _end(step: Step, side: str) -> str:
    kind = step.source_kind if side == "source" else step.target_kind
    channels = step.source if side == "source" else step.target
    return t(f"inside.{kind}") if kind != "channels" else " → ".join(channel_name(name) for name in channels)


def _coalitions(run: Run, model: str) -> None:
    game = here().read(Coalitions, f"attribution/runs/{run.id}/coalitions", {"model": model})
    st.write(t("inside.game_text"))
    named = [(" + ".join(channel_name(name) for name in one.channels), one) for one in game.coalitions]
    title = t("inside.heaviest")
    with st.container(key="inside_coalitions"):
        bars = [(name, float(one.orders)) for name, one in named[:MOST_BARS]]
        st.vega_lite_chart(inside_charts.ranked(bars, title, shown=",.0f"), alt=title)
    values = sorted(((channel_name(one.channel), one.raw) for one in game.values), key=lambda row: -row[1])
    title = t("inside.values")
    with st.container(key="inside_values"):
        st.vega_lite_chart(inside_charts.ranked(values[:MOST_BARS], title, shown=".2%"), alt=title)
    columns = {name: t(f"inside.{name}") for name in ("channels", "orders_n", "journeys_n", "rate_n", "value_n")}
    currency = here().brand.currency
    rows: list[Row] = [
        {
            "channels": name,
            "orders_n": figures.count(one.orders),
            "journeys_n": figures.count(one.journeys),
            "rate_n": figures.percent(one.rate),
            "value_n": figures.money(one.value, currency),
        }
        for name, one in named
    ]
    parts.table(rows, columns, "coalitions", numbers=list(columns)[1:], alt=t("inside.heaviest"))
    _foot(rows, columns, "coalitions", game.left_out)


def _foot(rows: Sequence[Row], columns: dict[str, str], name: str, left_out: int) -> None:
    if left_out:
        st.caption(t(f"inside.left_out_{name}", count=figures.count(left_out)))
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, name)
        parts.explain(name, t(f"inside.how_{name}"))
