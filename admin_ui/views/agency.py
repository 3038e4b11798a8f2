"""Which brand needs me today: one table, a row a brand; and the place where a brand is made."""

import streamlit as st

from admin_ui import figures, parts, period, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.parts import Row
from admin_ui.period import Period
from admin_ui.session import here
from admin_ui.shapes.insights import AgencyOverview, BrandCredits, BrandRow
from admin_ui.shapes.me import Brand
from admin_ui.shapes.web import Listed
from admin_ui.words import channel_name, plain, t

NUMBERS = ("contacts", "orders", "revenue", "cost", "cost_per_contact", "cac", "roas")
CREDITED = ("brand", "sales", "best", "unattributed")
BEST = 3
KEPT = ("7", "30", "90", "all")
MODELS = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped", "markov", "shapley")
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
    _credited(chosen)
    if moment.me.role == "agency_owner":
        with st.expander(t("agency.new"), icon=":material/add:"):
            _create()


def _credited(chosen: Period) -> None:
    """Which channels sell, brand by brand: the share of each brand's sales, by one model."""
    st.header(t("agency.credited"), anchor=False)
    model = url.select("model", t("order.model"), MODELS, "linear", lambda code: t(f"models.{code}"))
    days = chosen.preset if chosen.preset in KEPT else "all"
    found = here().api.read(Listed[BrandCredits], "/v1/agency/attribution", {"days": days, "model": model}).items
    st.caption(t("agency.credited_by", window=t(f"period.{days}")))
    columns = {name: t(f"agency.{name}") for name in CREDITED}
    rows = [_credit_row(row) for row in found]
    parts.table(rows, columns, "agency_credits", numbers=CREDITED[1:2] + CREDITED[-1:], alt=t("agency.credited"))
    parts.export(rows, columns, "brand_credits")


def _credit_row(row: BrandCredits) -> Row:
    best = [one for one in row.channels if one.value > 0][:BEST]
    told = [f"{channel_name(one.name)} {figures.percent(one.value / row.value)}" for one in best if row.value]
    return {
        "brand": row.name,
        "sales": figures.money(row.value, row.currency) if row.run else figures.NONE,
        "best": " · ".join(told) or (figures.NONE if row.run else t("agency.no_run")),
        "unattributed": figures.percent(row.unattributed_value / row.value) if row.value else figures.NONE,
    }


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
