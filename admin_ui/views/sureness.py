"""How sure the figures of the attribution page are: cautions, intervals, and marks on what says little."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import figures
from admin_ui.credits import Line
from admin_ui.shapes.attribution import Caution
from admin_ui.words import language, plain

MARK = "⚠"
GRAVE = frozenset({"few_orders", "few_contacts", "mostly_unattributed"})


def warn(cautions: Sequence[Caution]) -> None:
    """What is true of the whole table: warnings in one box, the rest in small."""
    grave = [_said(one) for one in cautions if one.code in GRAVE]
    if grave:
        st.warning("\n\n".join(grave))
    for one in cautions:
        if one.code not in GRAVE:
            st.caption(_said(one))


def ranges_of(
    lines: Sequence[Line], names: Sequence[str], models: Sequence[str], measure: str
) -> dict[tuple[str, str], tuple[float, float]]:
    """Low and high by name and model, for those that have an interval."""
    found = {}
    for line, name in zip(lines, names, strict=True):
        for model in models:
            interval = line.interval(model, measure)
            if interval:
                found[name, model] = interval.low, interval.high
    return found


def range_of(line: Line, model: str, currency: str) -> str:
    """¥120.00 – ¥180.00, with a mark where it says little."""
    interval = line.interval(model, "value")
    if interval is None:
        return figures.NONE
    mark = f"{MARK} " if line.cautions(model) else ""
    return f"{mark}{figures.money(interval.low, currency)} – {figures.money(interval.high, currency)}"


def explain_marks(lines: Sequence[Line], models: Sequence[str]) -> None:
    """What the marks in the table mean, said once."""
    said = {one.code: _said(one) for line in lines for model in models for one in line.cautions(model)}
    for sentence in said.values():
        st.caption(f"{MARK} {sentence}")


def _said(one: Caution) -> str:
    return plain(one.zh if language() == "zh" else one.en)
