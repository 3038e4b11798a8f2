"""Why does this order count for these channels? The touches in their order, and each model's shares to the cent."""

from decimal import Decimal

import streamlit as st

from admin_ui import figures, listing, parts, states, url
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
    orders, rest = listing.read_pages(Listed[OrderRow], here().path("orders"), {"q": asked}, "orders")
    if not orders:
        if asked:
            box = states.empty(t("order.none_title"), t("order.none_text"))
            box.button(t("contacts.clear"), key="clear_order", on_click=_clear)
            return
        with states.empty(t("order.empty_title"), t("order.empty_text")):
            if here().can("imports:write"):
                parts.link("import", t("overview.first_import"), icon=":material/upload_file:", kind="orders")
        return
    columns = {name: t(f"order.{name}") for name in ("order_no", "placed", "amount_n", "state")}
    parts.choose_row([_row(order) for order in orders], columns, "orders_table", [one.id for one in orders], "order")
    listing.more("orders", len(orders), rest)


def _clear() -> None:
    st.session_state["q"] = ""


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
    columns = {name: t(f"order.{name}") for name in ("number", "at", "touch")}
    rows = [_touch(number, touch) for number, touch in enumerate(receipt.touches, 1)]
    parts.table(rows, columns, "receipt_touches", alt=t("order.touch"))
    columns, rows = _matrix(receipt)
    parts.table(rows, columns, "receipt", numbers=list(columns)[1:], alt=t("order.title"))
    _raised(receipt)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, f"receipt-{order.id}")
        parts.explain("receipt", t("order.how"))
    _outside(receipt)
    _foot(receipt)


def _raised(receipt: Receipt) -> None:
    """Who gets what of the part that walks up: the touch that brought the inviter, on the day they joined."""
    for part in receipt.upstream:
        place = " · ".join(word for word in (channel_name(part.channel), part.placement or "", part.day) if word)
        amount = figures.money(part.amount, receipt.order.currency)
        st.caption(t("order.raised_to", level=part.level, place=plain(place), amount=plain(amount)))


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
            {**_touch(number, touch), "why": maybe(f"reason.{touch.reason}", touch.reason or "")}
            for number, touch in enumerate(receipt.outside, 1)
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


def _touch(number: int, touch: ReceiptTouch) -> Row:
    words = (channel_name(touch.channel), maybe(f"touch.{touch.kind}", touch.kind), touch.placement or "")
    return {
        "number": str(number),
        "at": figures.moment(touch.at, here().brand.timezone),
        "touch": " · ".join(word for word in words if word),
    }


def _matrix(receipt: Receipt) -> tuple[dict[str, str], list[Row]]:
    """A row a model, a column a touch by its number; each row sums to the order, and whoever doubts it can add."""
    currency, touches = receipt.order.currency, receipt.touches
    columns = {"model": t("order.model"), **{f"touch_{n}": str(n) for n in range(1, len(touches) + 1)}}
    raised = sum((part.amount for part in receipt.upstream), Decimal(0))
    if receipt.upstream:
        columns["raised"] = t("order.raised")
    columns["total"] = t("attribution.total")
    rows: list[Row] = []
    for place, share in enumerate(touches[0].shares):
        amounts = [touch.shares[place].amount for touch in touches]
        cells = {f"touch_{n}": figures.money(amount, currency) for n, amount in enumerate(amounts, 1)}
        if share.model == "upstream":
            amounts.append(raised)
            cells["raised"] = figures.money(raised, currency)
        total = figures.money(sum(amounts, Decimal(0)), currency)
        rows.append({"model": _model(share.model, explains=share.explains), **cells, "total": total})
    return columns, rows


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
