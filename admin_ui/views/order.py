"""Why does this order count for these channels? The touches in their order, and each model's shares to the cent."""

from decimal import Decimal

import streamlit as st

from admin_ui import figures, parts, states, url
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.attribution import OrderRow, Receipt, ReceiptTouch
from admin_ui.shapes.web import Listed
from admin_ui.words import channel_name, maybe, plain, t


def draw() -> None:
    """The page."""
    opened = url.opened("order")
    if opened:
        query = {"run": url.opened("run") or None}
        _receipt(here().read(Receipt, f"orders/{opened}/receipt", query))
        return
    parts.head(t("order.title"))
    with st.container(width=420):
        asked = url.text("q", t("order.search"), t("order.search_hint"))
    orders = here().read(Listed[OrderRow], "orders", {"q": asked, "limit": 30}).items
    if not orders:
        if asked:
            states.empty(t("order.none_title"), t("order.none_text"))
        else:
            states.empty(t("order.empty_title"), t("order.empty_text"))
        return
    columns = {name: t(f"order.{name}") for name in ("order_no", "placed", "amount_n", "state")}
    parts.choose_row([_row(order) for order in orders], columns, "orders_table", [one.id for one in orders], "order")


def _row(order: OrderRow) -> dict[str, str]:
    return {
        "order_no": figures.order_no(order.order_no),
        "placed": figures.moment(order.placed_at, here().brand.timezone),
        "amount_n": figures.money(order.amount, order.currency),
        "state": parts.state(order.state),
    }


def _receipt(receipt: Receipt) -> None:
    parts.back("order")
    order = receipt.order
    st.title(t("order.one", order=plain(figures.order_no(order.order_no))), anchor=False)
    st.write(_sentence(receipt))
    if not receipt.counted:
        st.info(t("order.not_counted"))
    if not receipt.touches:
        states.empty(t("order.no_touch_title"), t("order.no_touch_text"))
        _outside(receipt)
        _foot(receipt)
        return
    models = receipt.models or sorted({share.model for touch in receipt.touches for share in touch.shares})
    columns = {name: t(f"order.{name}") for name in ("at", "touch")}
    explained = {share.model for share in receipt.touches[0].shares if share.explains}
    columns |= {f"{model}_n": _model(model, explains=model in explained) for model in models}
    rows = [_touch(touch, models, order.currency) for touch in receipt.touches]
    numbers = [f"{model}_n" for model in models]
    parts.table([*rows, _sums(receipt, models)], columns, "receipt", numbers=numbers, alt=t("order.title"))
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, f"receipt-{order.id}")
        parts.explain("receipt", t("order.how"))
    _outside(receipt)
    _foot(receipt)


def _model(code: str, *, explains: bool) -> str:
    word = maybe(f"models.{code}", code)
    return f"{word} ({t('order.explains')})" if explains else word


def _outside(receipt: Receipt) -> None:
    """The touches that did not count, each with its reason: what is left out must be seen to be left out."""
    if not receipt.outside:
        return
    with st.expander(t("order.outside", count=len(receipt.outside))):
        columns = {name: t(f"order.{name}") for name in ("at", "touch", "why")}
        rows = [
            {**_touch(touch, [], receipt.order.currency), "why": maybe(f"reason.{touch.reason}", touch.reason or "")}
            for touch in receipt.outside
        ]
        parts.table(rows, columns, "outside")


def _sentence(receipt: Receipt) -> str:
    order, touches = receipt.order, receipt.touches
    at = figures.moment(order.placed_at, here().brand.timezone)
    amount = figures.money(order.net if order.net is not None else order.amount, order.currency)
    if not touches or order.placed_at is None:
        return t("order.sentence_none", amount=amount, at=at)
    if not receipt.counted:
        return t("order.sentence_none", amount=amount, at=at)
    days = (order.placed_at - min(touch.at for touch in touches)).days
    return t("order.sentence", amount=amount, at=at, count=len(touches), days=days)


def _touch(touch: ReceiptTouch, models: list[str], currency: str) -> Row:
    shares = {share.model: share.amount for share in touch.shares}
    words = (channel_name(touch.channel), maybe(f"touch.{touch.kind}", touch.kind), touch.placement or "")
    cells = {
        "at": figures.moment(touch.at, here().brand.timezone),
        "touch": " · ".join(word for word in words if word),
    }
    return cells | {f"{model}_n": figures.money(shares.get(model), currency) for model in models}


def _sums(receipt: Receipt, models: list[str]) -> Row:
    """Each model's column sums to the order; whoever doubts it can add."""
    sums = dict.fromkeys(models, Decimal(0))
    for touch in receipt.touches:
        for share in touch.shares:
            sums[share.model] = sums.get(share.model, Decimal(0)) + share.amount
    currency = receipt.order.currency
    total = {"at": t("attribution.total"), "touch": ""}
    return total | {f"{model}_n": figures.money(sums[model], currency) for model in models}


def _foot(receipt: Receipt) -> None:
    run = receipt.run
    if run is None:
        return
    parts.source(
        t(
            "attribution.source",
            run=plain(run.id[-8:]),
            at=figures.moment(run.finished_at or run.created_at, here().brand.timezone),
            lookback=run.lookback_days or figures.NONE,
            half_life=figures.count(run.half_life_days),
        )
    )
