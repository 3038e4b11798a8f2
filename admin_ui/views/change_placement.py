"""Changing a placement's name and period, and taking it out of use."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.session import here
from admin_ui.shapes.placements import Link, Placement
from admin_ui.shapes.web import Listed
from admin_ui.words import plain, t


def draw(placement: Placement) -> None:
    """The form, and below it the way out."""
    zone = ZoneInfo(here().brand.timezone)
    first, last = (at.astimezone(zone).date() if at else None for at in (placement.starts_at, placement.ends_at))
    with st.form("change_placement", border=False, width=620):
        name = st.text_input(f"{t('placements.name')} *", placement.name, key="change_name", max_chars=200)
        left, right = st.columns(2)
        starts = left.date_input(t("placements.first_day"), first, key="change_first")
        ends = right.date_input(t("placements.last_day"), last, key="change_last")
        st.caption(t("placements.change_cost"))
        if st.form_submit_button(t("placements.save"), type="primary"):
            _save(placement, name.strip(), (starts, starts != first), (ends, ends != last), zone)
    st.caption(t("placements.archive_about"))
    if once := asking.sure(
        "archive_placement", t("placements.archive"), lambda: _warning(placement), typed=placement.name, kind="tertiary"
    ):
        _archive(placement, once)


def _save(
    placement: Placement, name: str, starts: tuple[date | None, bool], ends: tuple[date | None, bool], zone: ZoneInfo
) -> None:
    """Only what was changed is sent: a period that is left alone keeps its hours."""
    if not name:
        st.error(t("placements.needs_name"))
        return
    body: dict[str, str | None] = {"name": name}
    first, last = starts[0], ends[0]
    if starts[1] and first:
        body["starts_at"] = datetime.combine(first, time.min, zone).isoformat()
    if ends[1]:
        body["ends_at"] = datetime.combine(last, time(23, 59, 59), zone).isoformat() if last else None
    try:
        here().do("PATCH", f"placements/{placement.id}", body)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("parts.saved"))
    st.rerun(scope="app")


def _warning(placement: Placement) -> str:
    links = here().read(Listed[Link], f"placements/{placement.id}/links", fresh=True).items
    return t(
        "placements.archive_sure", name=plain(placement.name), codes=figures.count(placement.codes),
        unused=figures.count(max(0, placement.codes - placement.stats.redeemed)), links=len(links),
    )  # fmt: skip


def _archive(placement: Placement, once: str) -> None:
    try:
        here().do("POST", f"placements/{placement.id}/archive", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("placements.archived", name=plain(placement.name)))
    st.rerun(scope="app")
