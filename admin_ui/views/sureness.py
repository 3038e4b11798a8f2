"""How sure the figures of the attribution page are: cautions, intervals, and marks on what says little."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import charts, figures
from admin_ui.charts import Spec
from admin_ui.credits import Line
from admin_ui.shapes.attribution import Caution
from admin_ui.words import language, plain, t

MARK, EARLY = "⚠", "◔"
GRAVE = frozenset({"few_orders", "few_contacts", "mostly_unattributed", "too_early"})


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
    mark = f"{MARK} " if any(one.code == "wide_interval" for one in line.cautions(model)) else ""
    return f"{mark}{figures.money(interval.low, currency)} – {figures.money(interval.high, currency)}"


def explain_marks(lines: Sequence[Line], models: Sequence[str]) -> None:
    """What the marks in the table mean, said once."""
    codes = {one.code: _said(one) for line in lines for model in models for one in line.cautions(model)}
    if "wide_interval" in codes:
        st.caption(f"{MARK} {codes['wide_interval']}")
    if "too_early" in codes:
        st.caption(f"{EARLY} {t('attribution.early')}")


def ripe(line: Line, model: str) -> str:
    """63.0%, with a mark while it is too early to judge."""
    share = line.ripeness(model)
    mark = f"{EARLY} " if is_early(line, model) else ""
    return f"{mark}{figures.percent(share)}"


def shade(lines: Sequence[Line], models: Sequence[str]) -> list[Spec]:
    """Layers that shade the days of which it is too early to judge; lines: of days."""
    early = {line.key for line in lines for model in models if is_early(line, model)}
    days = sorted(line.key for line in lines if line.key[:4].isdigit())
    return charts.shaded_days(charts.spans_of(days, early), t("attribution.early_short")) if early else []


def is_early(line: Line, model: str) -> bool:
    """Whether it is too early to judge what the model gives this line."""
    return any(one.code == "too_early" for one in line.cautions(model))


def _said(one: Caution) -> str:
    return plain(one.zh if language() == "zh" else one.en)
