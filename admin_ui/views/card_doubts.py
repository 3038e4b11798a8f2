"""What is doubtful about a batch's cards: signs with their reason, and redemptions that were refused."""

import streamlit as st

from admin_ui import asking, figures, parts, states
from admin_ui.client import ApiError
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.cards import Refusal, Sign
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.web import Listed
from admin_ui.words import maybe, t

SIGN_COLUMNS = ("kind", "card_n", "count_n", "first_at", "last_at", "state")
REFUSED_COLUMNS = ("card_n", "reason", "times_n", "last_at", "state")


def draw(placement: Placement) -> None:
    """The tab."""
    may = here().can("placements:write")
    st.caption(t("doubts.about"))
    _signs(placement, may=may)
    _refused(placement, may=may)
    parts.explain("doubts", t("doubts.how"), figures_shown=False)


def _signs(placement: Placement, *, may: bool) -> None:
    st.markdown(f"**{t('doubts.signs')}**")
    found = here().read(Listed[Sign], f"placements/{placement.id}/cards/signs", fresh=True).items
    if not found:
        st.caption(t("doubts.no_signs"))
        return
    columns = {name: t(f"doubts.{name}") for name in SIGN_COLUMNS}
    parts.table([_sign_row(one) for one in found], columns, "card_signs", numbers=("card_n", "count_n"))
    open_ones = [one for one in found if one.settled_at is None]
    if not may or not open_ones:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {one.id: _sign_name(one) for one in open_ones}
        chosen = st.selectbox(t("doubts.choose_sign"), list(names), format_func=names.__getitem__, key="sign_chosen")
        if st.button(t("doubts.settle"), key="settle_sign"):
            _do(f"placements/{placement.id}/cards/signs/{chosen}/settle", t("doubts.settled"))


def _refused(placement: Placement, *, may: bool) -> None:
    st.markdown(f"**{t('doubts.refused')}**")
    found = here().read(Listed[Refusal], f"placements/{placement.id}/cards/refused", fresh=True).items
    if not found:
        st.caption(t("doubts.no_refused"))
        return
    columns = {name: t(f"doubts.{name}") for name in REFUSED_COLUMNS}
    parts.table([_refused_row(one) for one in found], columns, "card_refused", numbers=("card_n", "times_n"))
    waiting = [one for one in found if one.state == "refused"]
    if not may or not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = {one.id: _refused_name(one) for one in waiting}
        picked = st.selectbox(
            t("doubts.choose_refused"), list(names), format_func=names.__getitem__, key="refused_chosen"
        )
        chosen = next(one for one in waiting if one.id == picked)
        path = f"placements/{placement.id}/cards/refused/{chosen.id}"
        if chosen.can_accept:
            text = t("doubts.accept_sure", card=chosen.card)
            if once := asking.sure("accept_refused", t("doubts.accept"), text):
                _do(f"{path}/accept", t("doubts.accepted"), once=once)
        if st.button(t("doubts.dismiss"), key="dismiss_refused", type="tertiary"):
            _do(f"{path}/dismiss", t("doubts.dismissed"))


def _sign_row(one: Sign) -> Row:
    zone = here().brand.timezone
    return {
        "kind": maybe(f"doubts.is_{one.kind}", one.kind),
        "card_n": figures.count(one.card) if one.card is not None else figures.NONE,
        "count_n": figures.count(one.count),
        "first_at": figures.moment(one.first_at, zone) if one.first_at else figures.NONE,
        "last_at": figures.moment(one.last_at, zone) if one.last_at else figures.NONE,
        "state": t("doubts.looked_at") if one.settled_at else t("doubts.open"),
    }


def _refused_row(one: Refusal) -> Row:
    return {
        "card_n": figures.count(one.card),
        "reason": maybe(f"doubts.why_{one.reason}", one.reason),
        "times_n": figures.count(one.times),
        "last_at": figures.moment(one.last_at, here().brand.timezone) if one.last_at else figures.NONE,
        "state": maybe(f"doubts.state_{one.state}", one.state),
    }


def _sign_name(one: Sign) -> str:
    card = t("doubts.of_card", card=one.card) if one.card is not None else ""
    return " · ".join(part for part in (maybe(f"doubts.is_{one.kind}", one.kind), card) if part)


def _refused_name(one: Refusal) -> str:
    return f"{t('doubts.of_card', card=one.card)} · {maybe(f'doubts.why_{one.reason}', one.reason)}"


def _do(path: str, said: str, *, once: str = "") -> None:
    try:
        here().do("POST", path, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(said)
    st.rerun(scope="app")
