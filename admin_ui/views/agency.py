"""Which brand needs me today: one table, a row a brand; and the place where a brand is made."""

import streamlit as st

from admin_ui import figures, parts, period, repeats, states
from admin_ui.client import ApiError
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.insights import AgencyOverview, BrandRow
from admin_ui.shapes.me import Brand
from admin_ui.words import plain, t

NUMBERS = ("contacts", "orders", "revenue", "cost", "cost_per_contact", "cac", "roas")
MONEY = frozenset({"revenue", "cost", "cac", "cost_per_contact"})
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Tokyo", "Europe/London", "America/New_York", "UTC")
CURRENCIES = ("CNY", "HKD", "USD", "EUR", "SGD", "JPY", "GBP")


def draw() -> None:
    """The page."""
    moment = here()
    with parts.head(t("agency.title")):
        chosen = period.choose(moment.brand.timezone)
    if not moment.me.tenants:
        with states.empty(t("agency.empty_title"), t("agency.empty_text")):
            _create()
        return
    found = moment.api.read(AgencyOverview, "/v1/agency/overview", chosen.query())
    st.caption(f"{plain(moment.me.agency.name)} · {chosen.words()} · {t('agency.currencies')}")
    columns = {"name": t("agency.brand"), **{name: t(f"overview.{name}") for name in NUMBERS}}
    rows: list[Row] = [{"name": row.name, **_cells(row)} for row in found.items]
    picked = parts.table(rows, columns, "agency_brands", numbers=NUMBERS, pick=True, alt=t("agency.title"))
    if picked is not None:
        _open(found.items[picked].id)
    with st.container(horizontal=True, vertical_alignment="center"):
        raw: list[Row] = [{"name": row.name, **{n: _plain_number(row, n) for n in NUMBERS}} for row in found.items]
        parts.export(raw, columns, "brands")
        parts.explain("agency", t("overview.how"))
    if moment.me.role == "agency_owner":
        with st.expander(t("agency.new"), icon=":material/add:"):
            _create()


def _cells(row: BrandRow) -> dict[str, str]:
    cells = {}
    for name in NUMBERS:
        value = getattr(row, name)
        if name in MONEY:
            cells[name] = figures.money(value, row.currency)
        else:
            cells[name] = figures.ratio(value) if name == "roas" else figures.count(value)
    return cells


def _plain_number(row: BrandRow, name: str) -> str | None:
    value = getattr(row, name)
    return None if value is None else str(value)


def _open(brand_id: str) -> None:
    """A click on a row opens the brand, as everywhere in the UI."""
    st.session_state["brand"] = brand_id
    parts.go("overview", brand=brand_id)


def _create() -> None:
    with st.form("new_brand", width=600, border=False):
        name = st.text_input(t("agency.new_name"), key="new_brand_name", max_chars=80)
        timezone = st.selectbox(t("agency.new_timezone"), ZONES, key="new_brand_timezone")
        currency = st.selectbox(t("agency.new_currency"), CURRENCIES, key="new_brand_currency")
        sent = st.form_submit_button(t("agency.new_create"), type="primary")
    if not sent:
        return
    if not name.strip():
        st.error(t("agency.new_needs_name"))
        return
    try:
        body = {"name": name.strip(), "timezone": timezone, "currency": currency}
        made = here().api.send(Brand, "POST", "/v1/tenants", body, once=repeats.once_for("brand", body))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("agency.new_made", name=plain(made.name)))
    st.rerun()
