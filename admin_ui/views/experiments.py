"""Did it work? One card an experiment: the lift with its interval, what the sample can show, a verdict in words."""

import streamlit as st

from admin_ui import asking, charts, figures, parts, repeats, states, url
from admin_ui.client import ApiError
from admin_ui.parts import Tile
from admin_ui.session import here
from admin_ui.shapes.experiments import Experiment, Lift
from admin_ui.shapes.placements import Placement
from admin_ui.shapes.web import Listed
from admin_ui.words import language, plain, t

LATEST = 20


def draw() -> None:
    """The page."""
    if url.opened("experiment") == "new":
        _new()
        return
    with parts.head(t("experiments.title")):
        if here().can("attribution:write") and st.button(t("experiments.new"), type="primary", key="new_experiment"):
            url.open_it("experiment", "new")
            st.rerun(scope="app")
    found = here().read(Listed[Experiment], "experiments", {"limit": LATEST}, fresh=True)
    if not found.items:
        with states.empty(t("experiments.empty_title"), t("experiments.empty_text")):
            parts.link("campaigns", t("experiments.empty_next"), icon=":material/campaign:")
        return
    for one in found.items:
        _card(one)
    if found.next is not None:
        st.caption(t("experiments.first_only", count=LATEST))
    parts.explain("experiments", t("experiments.how"))


def _card(one: Experiment) -> None:
    with st.container(border=True, key=f"experiment_{one.id}"):
        st.header(plain(one.name), anchor=False)
        st.markdown(plain(one.verdict.zh if language() == "zh" else one.verdict.en))
        if one.lift is not None:
            with st.container(key=f"experiment_chart_{one.id}"):
                st.vega_lite_chart(_chart(one.lift), key=f"lift_{one.id}", theme="streamlit")
        parts.tiles(_tiles(one), f"arms_{one.id}")
        st.caption(_told(one))
        if one.state == "running" and here().can("attribution:write"):
            _end(one)


def _chart(lift: Lift) -> charts.Spec:
    return charts.interval(100 * lift.difference, 100 * lift.low, 100 * lift.high, t("experiments.lift"))


def _tiles(one: Experiment) -> list[Tile]:
    shown = [
        Tile(t("experiments.treated"), figures.percent(one.treated.rate), exact=_people(one.treated.people)),
        Tile(t("experiments.held_out"), figures.percent(one.held_out.rate), exact=_people(one.held_out.people)),
    ]
    if one.lift is not None:
        shown.append(Tile(t("experiments.buyers"), figures.count(one.lift.total), exact=_range(one.lift)))
    if one.value_lift is not None:
        shown.append(Tile(t("experiments.value"), figures.compact_money(one.value_lift.total, one.currency)))
    return shown


def _people(count: int) -> str:
    return t("experiments.people", count=figures.count(count))


def _range(lift: Lift) -> str:
    return f"{figures.count(lift.total_low)} – {figures.count(lift.total_high)}"


def _told(one: Experiment) -> str:
    told = [
        plain(one.placement),
        parts.state(one.state),
        t("experiments.set", share=figures.percent(one.share), days=one.window_days),
        t("experiments.sizes", treated=figures.count(one.treated.people), held_out=figures.count(one.held_out.people)),
    ]
    if one.unripe:
        told.append(t("experiments.unripe", count=figures.count(one.unripe), days=one.days_left))
    if one.power.needed is not None and one.verdict.code in ("unclear", "too_small"):
        told.append(t("experiments.needed", count=figures.count(one.power.needed)))
    if one.mixed:
        told.append(t("experiments.mixed", count=figures.count(one.mixed)))
    return " · ".join(told)


def _end(one: Experiment) -> None:
    """What changes who is reached asks first."""
    once = asking.sure(f"end_{one.id}", t("experiments.end"), t("experiments.end_sure", name=plain(one.name)))
    if not once:
        return
    try:
        here().do("POST", f"experiments/{one.id}/end", once=once)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("experiments.ended"))
    st.rerun(scope="app")


def _new() -> None:
    parts.back("experiment")
    st.title(t("experiments.new"), anchor=False)
    placements = {one.id: one for one in here().read(Listed[Placement], "placements", {"limit": 200}).items}
    if not placements:
        with states.empty(t("experiments.no_placement_title"), t("experiments.no_placement_text")):
            parts.link("placements", t("placements.title"), icon=":material/local_post_office:")
        return
    with st.container(width=620):
        chosen = url.select(
            "of", t("experiments.placement"), list(placements), next(iter(placements)), lambda c: placements[c].name
        )
        name = st.text_input(f"{t('experiments.name')} *", key="experiment_name", max_chars=120)
        left, right = st.columns(2)
        share = left.number_input(
            t("experiments.share"), 1, 50, 10, key="experiment_share", help=t("experiments.share_help")
        )
        days = right.number_input(t("experiments.window"), 1, 90, 14, key="experiment_window")
        st.caption(t("experiments.before"))
        if st.button(t("experiments.start"), type="primary", key="start_experiment"):
            _create({"placement_id": chosen, "name": name.strip(), "share": share / 100, "window_days": int(days)})


def _create(body: dict[str, object]) -> None:
    if not body["name"]:
        st.error(t("experiments.needs_name"))
        return
    try:
        here().send(Experiment, "POST", "experiments", body, once=repeats.once_for("experiment", body))
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("experiments.started"))
    url.open_it("experiment", "")
    st.rerun(scope="app")
