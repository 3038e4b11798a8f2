"""The cards of a batch: how many are printed, active, redeemed, void; what moves them, and takes a move back."""

from collections.abc import Mapping

import streamlit as st

from admin_ui import asking, figures, parts, states, uploader
from admin_ui.client import ApiError
from admin_ui.parts import Row, Tile
from admin_ui.session import here
from admin_ui.shapes.cards import Cards, Move
from admin_ui.shapes.placements import Placement
from admin_ui.views import card_rates
from admin_ui.words import language, maybe, plain, t

STATES = ("printed", "active", "redeemed", "void")
DEEDS = ("activate", "deactivate", "void", "restore")
COLUMNS = ("when", "what", "which", "moved_n", "made_n", "refused_n", "state")


def draw(placement: Placement) -> None:
    """The tab."""
    found = here().read(Cards, f"placements/{placement.id}/cards", fresh=True)
    parts.tiles([Tile(t(f"cards.{one}"), figures.count(found.states.get(one, 0))) for one in STATES], "card_tiles")
    st.caption(t("cards.waits") if found.only_after_shipping else t("cards.works_at_once"))
    if here().can("insights:read"):
        card_rates.draw(placement)
    if placement.state == "active" and here().can("placements:write"):
        _change_rule(placement, found)
        if any(found.states.values()):
            _move_form(placement, found)
        _upload(placement)
    _moves(placement, found)


def _change_rule(placement: Placement, found: Cards) -> None:
    wanted = not found.only_after_shipping
    label = t("cards.wait_on") if wanted else t("cards.wait_off")
    text = t("cards.wait_on_sure") if wanted else t("cards.wait_off_sure")
    if once := asking.sure("cards_rule", label, text, kind="tertiary"):
        body = {"detail": {**placement.detail, "only_after_shipping": wanted}}
        _do("PATCH", f"placements/{placement.id}", body, t("parts.saved"), once=once)


def _move_form(placement: Placement, found: Cards) -> None:
    most = max(1, placement.codes)
    with st.container(width=720):
        st.markdown(f"**{t('cards.move')}**")
        deed = st.segmented_control(
            t("cards.deed"), DEEDS, default="activate", format_func=lambda one: t(f"cards.{one}"), key="cards_deed",
            label_visibility="collapsed",
        )  # fmt: skip
        left, right = st.columns(2)
        first = int(left.number_input(t("cards.first"), 1, most, 1, key="cards_first"))
        last = int(right.number_input(t("cards.last"), 1, most, most, key="cards_last"))
        st.caption(t("cards.range_help"))
        if not deed:
            return
        label = t(f"cards.{deed}")
        text = t("cards.sure", what=label, first=first, last=last, count=figures.count(max(0, last - first + 1)))
        if once := asking.sure("cards_move", t("cards.go"), text, kind="primary"):
            body = {"deed": str(deed), "first": first, "last": last}
            _do("POST", f"placements/{placement.id}/cards/moves", body, t("cards.asked"), once=once)


def _upload(placement: Placement) -> None:
    st.markdown(f"**{t('cards.list')}**")
    st.caption(t("cards.list_help"))
    with st.container(key="list_box", width=720):
        made = uploader.draw("cards", to=f"placements/{placement.id}/cards/lists")
    st.download_button(
        t("cards.list_sample"), "卡号,订单号,SKU,发货时间\n1,88001001,A-100,2026-11-05 10:00\n".encode("utf-8-sig"),
        "packing-list.csv", "text/csv", on_click="ignore", key="list_sample", type="tertiary",
        icon=":material/description:",
    )  # fmt: skip
    if made and made != st.session_state.get("_listed"):
        st.session_state["_listed"] = made
        parts.say(t("cards.asked"))
        st.rerun(scope="app")


def _moves(placement: Placement, found: Cards) -> None:
    if not found.moves:
        return
    st.markdown(f"**{t('cards.moves')}**")
    parts.table([_row(one) for one in found.moves], {name: t(f"cards.{name}") for name in COLUMNS}, "card_moves")
    newest = found.moves[0]
    if newest.state == "running":
        _watch(placement)
        return
    for move in found.moves[:5]:
        if move.problems:
            with st.expander(t("cards.problems", name=plain(move.file_name), count=move.refused)):
                rows: list[Row] = [{"line": one.line, "why": one.in_language(language())} for one in move.problems]
                parts.table(rows, {"line": t("cards.line"), "why": t("cards.why")}, f"problems_{move.id}")
    if newest.state == "done" and newest.moved and placement.state == "active" and here().can("placements:write"):
        text = t("cards.undo_sure", what=_what(newest), count=figures.count(newest.moved))
        if once := asking.sure("cards_undo", t("cards.undo"), text, icon=":material/undo:"):
            _do("POST", f"placements/{placement.id}/cards/moves/{newest.id}/undo", {}, t("cards.asked"), once=once)


def _watch(placement: Placement) -> None:
    """Look again until the newest move is done."""

    @st.fragment(run_every=1.0)
    def poll() -> None:
        found = here().read(Cards, f"placements/{placement.id}/cards", fresh=True)
        if found.moves and found.moves[0].state == "running":
            st.caption(t("cards.running"))
            return
        st.rerun(scope="app")

    poll()


def _row(move: Move) -> Row:
    return {
        "when": figures.moment(move.created_at, here().brand.timezone) if move.created_at else figures.NONE,
        "what": _what(move),
        "which": plain(move.file_name) or t("cards.range", first=move.first, last=move.last),
        "moved_n": figures.count(move.moved),
        "made_n": figures.count(move.made) if move.deed == "list" else figures.NONE,
        "refused_n": figures.count(move.refused) if move.deed == "list" else figures.NONE,
        "state": maybe(f"cards.is_{move.state}", move.state),
    }


def _what(move: Move) -> str:
    word = t("cards.list") if move.deed == "list" else maybe(f"cards.{move.deed}", move.deed)
    return t("cards.taken_back", what=word) if move.undoes else word


def _do(method: str, path: str, body: Mapping[str, object], said: str, *, once: str) -> None:
    try:
        here().do(method, path, body, once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(said)
    st.rerun(scope="app")
