"""What experiments say of the channels or placements above: beside the models, never mixed with them."""

from collections.abc import Mapping, Sequence

import streamlit as st

from admin_ui import figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.attribution import Measured, Range
from admin_ui.words import language, plain, t

COLUMNS = ("experiment", "of", "buyers_n", "worth_n")


def draw(measured: Sequence[Measured], names: Mapping[str, str]) -> None:
    """A table, if there is anything. names: of the lines above, by key."""
    if not measured:
        return
    st.header(t("attribution.measured"), anchor=False)
    columns = {name: t(f"attribution.measured_{name}") for name in COLUMNS}
    rows = [_row(one, names) for one in measured]
    parts.table(rows, columns, "measured", numbers=("buyers_n", "worth_n"), alt=t("attribution.measured"))
    for one in measured:  # sentences, which a cell would cut
        st.caption(plain(f"{one.experiment}: {one.zh if language() == 'zh' else one.en}"))
    parts.link("experiments", t("experiments.title"), icon=":material/science:")


def _row(one: Measured, names: Mapping[str, str]) -> Row:
    currency = here().brand.currency
    return {
        "experiment": one.experiment,
        "of": names.get(one.key, figures.NONE),
        "buyers_n": _range(one.buyers, [figures.count(value) for value in _values(one.buyers)]),
        "worth_n": _range(one.value, [figures.money(value, currency) for value in _values(one.value)]),
    }


def _values(found: Range | None) -> list[float]:
    return [] if found is None else [found.total, found.low, found.high]


def _range(found: Range | None, shown: Sequence[str]) -> str:
    return figures.NONE if found is None else f"{shown[0]} ({shown[1]} – {shown[2]})"
