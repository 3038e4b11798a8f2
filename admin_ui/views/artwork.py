"""What a batch looks like on paper: the brand's own artwork, format and place of the QR, and a picture of it."""

import streamlit as st

from admin_ui import forms, parts, repeats, states, uploader
from admin_ui.client import ApiError, NotThere
from admin_ui.session import here
from admin_ui.shapes.cards import Art
from admin_ui.shapes.channels import Plugin
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.web import Listed
from admin_ui.words import t

SIDES = ("front", "back")


def draw(placement: Placement, plugin: Plugin, *, may_change: bool) -> None:
    """The room below what was printed."""
    st.markdown(f"**{t('artwork.title')}**")
    found = {art.side: art for art in here().read(Listed[Art], f"placements/{placement.id}/art", fresh=True).items}
    _preview(placement, has_art=bool(found))
    if not may_change:
        return
    _fields(placement, plugin)
    st.caption(t("artwork.help"))
    for side, column in zip(SIDES, st.columns(2), strict=True):
        with column:
            _side(placement, side, found.get(side))


def _preview(placement: Placement, *, has_art: bool) -> None:
    """Open by itself once there is artwork to be seen."""
    if not st.toggle(t("artwork.show"), value=has_art, key=f"art_preview_{has_art}"):
        return
    try:
        picture = here().download(f"placements/{placement.id}/preview.png")
    except NotThere:
        return
    except ApiError as error:
        states.complain(error)
        return
    with st.container(border=True, width=620):
        st.image(picture.content, alt=t("artwork.alt"), width="stretch")
    st.caption(t("artwork.sample"))


def _fields(placement: Placement, plugin: Plugin) -> None:
    with st.expander(t("artwork.fields")), st.form("batch_fields", border=False, width=620):
        values = forms.draw(plugin.placement_schema, {**placement.detail}, key="batch_field")
        if st.form_submit_button(t("placements.save")):
            body = {"detail": {**placement.detail, **values}}
            _do("PATCH", f"placements/{placement.id}", body, once=repeats.once_for("batch_fields", body))


def _side(placement: Placement, side: str, art: Art | None) -> None:
    st.markdown(t(f"artwork.{side}"))
    path = f"placements/{placement.id}/art/{side}"
    if art is not None:
        st.caption(t("artwork.pixels", width=art.width, height=art.height))
        if st.button(t("artwork.remove"), key=f"art_remove_{side}", type="tertiary"):
            _do("DELETE", path, {}, once="")
    made = uploader.draw(f"art_{side}", to=path, choose="artwork.choose", accept=".png,.jpg,.jpeg,.pdf")
    if made and made != st.session_state.get(f"_art_{side}"):
        st.session_state[f"_art_{side}"] = made
        parts.say(t("parts.saved"))
        st.rerun(scope="app")


def _do(method: str, path: str, body: object, *, once: str) -> None:
    try:
        here().do(method, path, body, once=once)
    except ApiError as error:
        states.complain(error)
        return
    repeats.done_with("batch_fields")
    parts.say(t("parts.saved"))
    st.rerun(scope="app")
