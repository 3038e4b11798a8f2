"""A live session: what happened and was sold minute by minute, and whom to give which claim code."""

from decimal import Decimal

import streamlit as st

from admin_ui import charts, figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.placements import Claim, Moment, Placement, Sales
from admin_ui.shapes.web import Listed
from admin_ui.views import watched
from admin_ui.words import maybe, plain, t

MINUTES_TOGETHER = 5
"""As the API tells touchpoints."""
COLUMNS = ("asked", "who", "keyword", "digits", "claim_link", "claimed")


def draw(placement: Placement) -> None:
    """The session's own tab."""
    _details(placement)
    moments = here().read(Listed[Moment], f"placements/{placement.id}/minutes", fresh=True).items
    if moments:
        rows = [(one.minute, maybe(f"touch.{one.kind}", one.kind), one.count) for one in moments]
        title = t("shows.by_minute")
        st.vega_lite_chart(charts.by_minute(rows, title, t("shows.minute"), wide=MINUTES_TOGETHER), alt=title)
    else:
        st.caption(t("shows.nothing_yet"))
    sales = here().read(Listed[Sales], f"placements/{placement.id}/minutes/orders", fresh=True).items
    _sales(placement, sales)
    watched.draw(placement, sales)
    if here().can("contacts:read"):
        _claims(placement)


def _sales(placement: Placement, sales: list[Sales]) -> None:
    """Orders minute by minute, and how many watched where the platform tells that."""
    title = t("shows.sold_by_minute")
    st.header(title, anchor=False)
    if placement.stats.views:
        st.write(t("shows.views", views=figures.count(placement.stats.views)))
    if not sales:
        st.caption(t("shows.no_sales"))
        return
    by_minute = {one.minute: one.orders for one in sales}
    rows = [(minute, t("shows.orders"), orders) for minute, orders in by_minute.items()]
    st.vega_lite_chart(charts.by_minute(rows, title, t("shows.minute")), alt=title)
    revenue = sum((Decimal(one.revenue) for one in sales), Decimal(0))
    best = max(sales, key=lambda one: one.orders)
    told = {
        "orders": figures.count(sum(by_minute.values())),
        "revenue": figures.money(revenue, placement.currency),
        "best": best.minute,
        "most": figures.count(best.orders),
    }
    st.caption(t("shows.sold_text", **told))


def _details(placement: Placement) -> None:
    """Who speaks, what is said and sold; each only where it was filled in."""
    told = {name: str(placement.detail.get(name) or "") for name in ("host", "spoken", "products")}
    named = [t(f"shows.{name}", text=plain(text.replace("\n", "、"))) for name, text in told.items() if text]
    if named:
        st.markdown("  \n".join(named))


def _claims(placement: Placement) -> None:
    st.header(t("shows.claims"), anchor=False)
    found = here().read(Listed[Claim], f"placements/{placement.id}/claims", fresh=True).items
    if not found:
        st.caption(t("shows.no_claims"))
        return
    st.caption(t("shows.claims_text"))
    columns = {name: t(f"shows.{name}") for name in COLUMNS}
    parts.table([_row(one) for one in found], columns, "claims_table", alt=t("shows.claims"))


def _row(one: Claim) -> Row:
    zone = here().brand.timezone
    minute = t("shows.at_minute", minute=one.minute) if one.minute else ""
    return {
        "asked": " ".join(part for part in (figures.moment(one.asked_at, zone), minute) if part),
        "who": one.name or figures.NONE,
        "keyword": one.keyword,
        "digits": one.digits,
        "claim_link": one.url or figures.NONE,
        "claimed": figures.moment(one.claimed_at, zone) if one.claimed_at else t("shows.not_yet"),
    }
