"""Saved filters: made, counted as one goes, changed, removed. A campaign takes one as its audience."""

from functools import partial
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from admin_ui import asking, figures, parts, repeats, segment_form, states, url
from admin_ui.client import ApiError
from admin_ui.segment_form import Filter, Question
from admin_ui.session import here
from admin_ui.shapes.campaigns import Counted, Segment
from admin_ui.shapes.channels import Channel
from admin_ui.shapes.web import Listed
from admin_ui.views import segment_question
from admin_ui.words import channel_name, plain, t

COLUMNS = ("name", "who", "created")
MOST = 20


def draw(channels: dict[str, Channel], head: DeltaGenerator | None = None) -> None:
    """The list, or the one that is open; `head` is the place for the page's main button."""
    saved = here().read(Listed[Segment], "segments", fresh=True).items
    opened = url.opened("group")
    if opened == "new":
        _edit(None, channels)
    elif opened:
        found = next((one for one in saved if one.id == opened), None)
        if found is None:
            states.gone()
        else:
            _edit(found, channels)
    else:
        _list(saved, channels, head)


def names_of(channels: dict[str, Channel]) -> dict[str, str]:
    """What the channels are called, by id."""
    return {code: channel_name(channel.name) for code, channel in channels.items()}


def count_of(chosen: Filter) -> int:
    """How many contacts a filter finds now."""
    return here().send(Counted, "POST", "segments/preview", {"filter": chosen}).count


def _list(saved: list[Segment], channels: dict[str, Channel], head: DeltaGenerator | None) -> None:
    if not saved:
        with states.empty(t("segments.empty_title"), t("segments.empty_text")):
            _new_button(st.container())
        return
    _new_button(head or st.container())
    names, zone = names_of(channels), here().brand.timezone
    rows = [
        {
            "name": one.name,
            "who": segment_form.in_words(one.filter, names, zone),
            "created": figures.moment(one.created_at, zone),
        }
        for one in saved
    ]
    columns = {name: t(f"segments.{name}") for name in COLUMNS}
    parts.choose_row(rows, columns, "segments_table", [one.id for one in saved], "group")


def _new_button(place: DeltaGenerator) -> None:
    if here().can("campaigns:write") and place.button(t("segments.new"), type="primary", key="new_segment"):
        url.open_it("group", "new")
        st.rerun(scope="app")


def _edit(saved: Segment | None, channels: dict[str, Channel]) -> None:
    parts.back("group")
    st.title(plain(saved.name) if saved else t("segments.new"), anchor=False)
    zone, names = here().brand.timezone, names_of(channels)
    shown = segment_form.questions_of(saved.filter, zone) if saved else ("all", [Question()])
    if saved and (shown is None or not here().can("campaigns:write")):
        st.markdown(plain(segment_form.in_words(saved.filter, names, zone)))
        st.caption(t("segments.count", count=figures.count(count_of(saved.filter))))
        st.info(t("segments.read_only"))
        return
    assert shown is not None
    with st.container(width=760, key="segment_form"):
        name = st.text_input(
            f"{t('segments.name')} *", saved.name if saved else "", key=f"seg_name_{_key(saved)}", max_chars=120
        )
        joined, questions = _questions(_key(saved), shown, names)
        chosen = segment_form.filter_of(joined, questions, zone)
        st.markdown(f"**{plain(segment_form.in_words(chosen, names, zone))}**")
        st.caption(t("segments.count", count=figures.count(count_of(chosen))))
        with st.container(horizontal=True):
            _save_button(saved, name.strip(), chosen)
            if saved:
                _use(saved)
                _remove(saved)


def _key(saved: Segment | None) -> str:
    """A form begins anew each time it is opened."""
    return f"{saved.id if saved else 'new'}_{url.openings()}"


def _questions(key: str, shown: tuple[str, list[Question]], names: dict[str, str]) -> tuple[str, list[Question]]:
    """The form's lines. Each keeps an id of its own, so that removing one leaves the others as they are."""
    lines: dict[str, Question] = st.session_state.setdefault(f"seg_{key}", {uuid4().hex: one for one in shown[1]})
    joined = st.segmented_control(
        t("segments.joined_by"), ("all", "any"), default=shown[0], key=f"seg_joined_{key}", required=True,
        format_func=lambda code: t(f"segments.by_{code}"),
    )  # fmt: skip
    questions = [segment_question.draw(line, one, names, partial(_drop, lines, line)) for line, one in lines.items()]
    if len(lines) < MOST:
        st.button(t("segments.add"), key=f"seg_add_{key}", icon=":material/add:", on_click=_add, args=(lines,))
    return str(joined or "all"), questions


def _drop(lines: dict[str, Question], line: str) -> None:
    del lines[line]


def _add(lines: dict[str, Question]) -> None:
    lines[uuid4().hex] = Question()


def _save_button(saved: Segment | None, name: str, chosen: Filter) -> None:
    if not st.button(t("segments.save"), type="primary", key="save_segment"):
        return
    if not name:
        st.error(t("segments.needs_name"))
        return
    path, method = (f"segments/{saved.id}", "PUT") if saved else ("segments", "POST")
    try:
        body = {"name": name, "filter": chosen}
        made = here().send(Segment, method, path, body, once=repeats.once_for("segment", body))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("segments.saved", name=plain(made.name)))
    url.open_it("group", "")
    st.rerun(scope="app")


def _use(saved: Segment) -> None:
    if st.button(t("segments.use"), key="use_segment", icon=":material/campaign:"):
        parts.go("campaigns", campaign="new", audience="segment", segment=saved.id)


def _remove(saved: Segment) -> None:
    def text() -> str:
        return t("segments.remove_sure", name=plain(saved.name), count=figures.count(count_of(saved.filter)))

    if asking.sure("remove_segment", t("segments.remove"), text, kind="tertiary"):
        try:
            here().do("DELETE", f"segments/{saved.id}")
        except ApiError as error:
            states.complain(error)
            return
        parts.say(t("segments.removed", name=plain(saved.name)))
        url.open_it("group", "")
        st.rerun(scope="app")
