"""Viewers of a show: the curve beside its orders, and taking the export of the platform's console."""

import streamlit as st

from admin_ui import charts, figures, parts, repeats, states, uploader
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.placements import Curve, Placement, Sales, Viewers
from admin_ui.shapes.web import Listed
from admin_ui.words import t


def draw(placement: Placement, sales: list[Sales]) -> None:
    """The curve where there is one, and the way to give one."""
    curve = here().read(Listed[Viewers], f"placements/{placement.id}/minutes/viewers", fresh=True).items
    st.header(t("watched.title"), anchor=False)
    if curve:
        orders = {one.minute: one.orders for one in sales}
        rows = [(one.minute, one.viewers, orders.get(one.minute, 0)) for one in curve]
        names = (t("watched.viewers"), t("shows.orders"), t("shows.minute"))
        st.vega_lite_chart(charts.watched(rows, t("watched.title"), names), alt=t("watched.title"))
        most = max(curve, key=lambda one: one.viewers)
        st.caption(t("watched.most", minute=most.minute, viewers=figures.count(most.viewers)))
    else:
        st.caption(t("watched.none"))
    if here().can("placements:write"):
        with st.expander(t("watched.take")):
            _take(placement)


def _take(placement: Placement) -> None:
    """Upload, look at how it is read, correct the columns, take it."""
    st.caption(t("watched.how"))
    table = uploader.read_text("viewers", choose="watched.file_choose")
    if not table:
        return
    path, body = f"placements/{placement.id}/minutes/viewers", {"table": table}
    try:
        curve = here().send(Curve, "POST", f"{path}/preview", body)
        body |= _columns(curve)
        curve = here().send(Curve, "POST", f"{path}/preview", body)
        st.caption(t("watched.read", minutes=figures.count(curve.minutes), refused=figures.count(len(curve.refused))))
        columns = {str(place): name for place, name in enumerate(curve.header)}
        rows: list[parts.Row] = [{str(place): cell for place, cell in enumerate(row)} for row in curve.sample]
        parts.table(rows, columns, "viewers_sample", alt=t("watched.file"))
        if st.button(t("watched.keep"), key="keep_viewers", type="primary", disabled=not curve.minutes):
            here().do("PUT", path, body, once=repeats.once_for("viewers", body))
            parts.say(t("watched.kept"))
            st.rerun(scope="app")
    except ApiError as error:
        states.complain(error)


def _columns(proposed: Curve) -> dict[str, str]:
    """Which column is which: proposed by their names, changed by the person."""
    chosen = {"minute_column": proposed.minute_column, "viewers_column": proposed.viewers_column}
    for name, column in zip(chosen, st.columns(2), strict=True):
        options = ["", *proposed.header]
        place = options.index(chosen[name]) if chosen[name] in options else 0
        with column:
            chosen[name] = st.selectbox(t(f"watched.{name}"), options, place, format_func=_as_shown, key=name) or ""
    return chosen


def _as_shown(column: str) -> str:
    return column or t("watched.choose")
