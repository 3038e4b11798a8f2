"""How long until it pays, and how ripe is this? Funnel, lag, ripeness, retention, and the waves of a launch."""

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from admin_ui import figures, parts, period, states, time_charts, url
from admin_ui.parts import Row, Tile
from admin_ui.period import Period
from admin_ui.session import here
from admin_ui.shapes.time import Cohort, Funnel, Lag, Maturation, Retention, Steps, Wave, Waves
from admin_ui.words import channel_name, maybe, t

STEPS = ("name", "joined", "first_order", "first_share", "days_to_first", "repeat", "repeat_share", "days_to_repeat")
WAVES = ("wave", "days", "orders", "buyers", "first_orders", "revenue", "trigger")
COHORTS = ("week", "joined", "first_orders", "ripe_share", "expected", "verdict")
DEFAULT_ENDS = "1,3,7,30,90"


def draw() -> None:
    """The page."""
    with parts.head(t("time.title")):
        chosen = period.choose(here().brand.timezone, "90")
    part = url.choose("part", t("time.title"), list(PARTS), "funnel", lambda code: t(f"time.{code}"))
    PARTS[part](chosen)


def _funnel(chosen: Period) -> None:
    found = here().read(Funnel, "insights/funnel", {**chosen.query(), "by": "channel"})
    if not found.rows:
        _nobody()
        return
    total = found.total
    parts.tiles(
        [
            Tile(t("time.joined"), figures.compact(total.joined), exact=figures.count(total.joined)),
            Tile(t("time.first_share"), figures.percent(total.first_share), exact=figures.count(total.first_order)),
            Tile(t("time.days_to_first"), _days(total.days_to_first)),
            Tile(t("time.repeat_share"), figures.percent(total.repeat_share), exact=figures.count(total.repeat)),
            Tile(t("time.days_to_repeat"), _days(total.days_to_repeat)),
        ],
        "time_funnel_tiles",
    )
    columns = {name: t(f"time.{name}") for name in STEPS}
    rows = [_step_row(row) for row in found.rows]
    parts.table(rows, columns, "time_funnel", numbers=STEPS[1:], alt=t("time.funnel"))
    _foot(rows, columns, "funnel")


def _step_row(row: Steps) -> Row:
    return {
        "name": channel_name(row.name) if row.key else t("attribution.unattributed"),
        "joined": figures.count(row.joined),
        "first_order": figures.count(row.first_order),
        "first_share": figures.percent(row.first_share),
        "days_to_first": _days(row.days_to_first),
        "repeat": figures.count(row.repeat),
        "repeat_share": figures.percent(row.repeat_share),
        "days_to_repeat": _days(row.days_to_repeat),
    }


def _lag(chosen: Period) -> None:
    found = here().read(Lag, "insights/lag", chosen.query())
    if not found.days:
        _nobody()
        return
    parts.tiles(
        [
            Tile(t("time.median"), _days(found.median_days)),
            Tile(t("time.joined"), figures.compact(found.joined), exact=figures.count(found.joined)),
            Tile(t("time.first_orders"), figures.compact(found.orders), exact=figures.count(found.orders)),
        ],
        "time_lag_tiles",
    )
    labels = (t("time.seen"), t("time.ripe"))
    seen, ripe = [day.share for day in found.days], [day.ripe_share for day in found.days]
    with st.container(key="time_lag_chart"):
        st.vega_lite_chart(time_charts.ripening(seen, ripe, labels, t("time.lag_axis")), alt=t("time.lag_axis"))
    columns = {"day": t("time.day"), "orders": t("time.first_orders"), "seen": labels[0], "ripe": labels[1]}
    rows: list[Row] = [
        {"day": day.day, "orders": day.orders, "seen": day.share, "ripe": day.ripe_share} for day in found.days
    ]
    _foot(rows, columns, "lag")


def _ripeness(chosen: Period) -> None:
    found = here().read(Maturation, "insights/maturation", chosen.query())
    if not found.cohorts:
        _nobody()
        return
    weeks = [figures.day(cohort.week) for cohort in found.cohorts]
    spots = [
        (week, age + 1, count / cohort.joined, True)
        for week, cohort in zip(weeks, found.cohorts, strict=True)
        for age, count in enumerate(cohort.first_orders)
        if cohort.joined
    ]
    said = t("attribution.early_short")
    early = {week: said for week, cohort in zip(weeks, found.cohorts, strict=True) if cohort.is_too_early}
    with st.container(key="time_ripe_chart"):
        st.vega_lite_chart(time_charts.cells(spots, weeks, t("time.ripe_axis"), early=early), alt=t("time.ripe_axis"))
    if early:
        st.caption(t("time.shaded"))
    columns = {name: t(f"time.{name}") for name in COHORTS}
    rows = [_cohort_row(cohort, found.ripe_from) for cohort in found.cohorts]
    parts.table(rows, columns, "time_ripe", numbers=COHORTS[1:5], alt=t("time.ripeness"))
    _foot(rows, columns, "ripeness")


def _cohort_row(cohort: Cohort, ripe_from: float) -> Row:
    least = figures.percent(ripe_from)
    return {
        "week": figures.day(cohort.week),
        "joined": figures.count(cohort.joined),
        "first_orders": figures.count(cohort.first_orders[-1] if cohort.first_orders else None),
        "ripe_share": figures.percent(cohort.ripe_share),
        "expected": figures.compact(cohort.expected),
        "verdict": t("time.too_early", least=least) if cohort.is_too_early else t("time.is_ripe"),
    }


def _retention(chosen: Period) -> None:
    found = here().read(Retention, "insights/retention", chosen.query())
    if not found.cohorts:
        _nobody()
        return
    names = {cohort.month: f"{cohort.month:%Y-%m} · {figures.count(cohort.buyers)}" for cohort in found.cohorts}
    spots = [
        (names[cohort.month], month.age, month.share, month.is_over)
        for cohort in found.cohorts
        for month in cohort.months
        if month.age
    ]
    if not spots:
        st.info(t("time.one_month"))
        return
    with st.container(key="time_retention_chart"):
        title = t("time.retention_axis")
        st.vega_lite_chart(time_charts.cells(spots, list(names.values()), title), alt=title)
    columns = {name: t(f"time.{name}") for name in ("month", "buyers", "repeat_share", "left")}
    rows: list[Row] = [
        {
            "month": f"{cohort.month:%Y-%m}",
            "buyers": figures.count(cohort.buyers),
            "repeat_share": figures.percent(cohort.repeat_share),
            "left": figures.count(cohort.left),
        }
        for cohort in found.cohorts
    ]
    parts.table(rows, columns, "time_retention", numbers=("buyers", "repeat_share", "left"), alt=t("time.retention"))
    _foot(rows, columns, "retention")


def _waves(chosen: Period) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        launch = _launch_day(chosen.start)
        ends = st.text_input(t("time.ends"), DEFAULT_ENDS, key="wave_ends", help=t("time.ends_help"), width=260)
    found = here().read(Waves, "insights/waves", {"launch": launch.isoformat(), "ends": ends})
    if not found.waves:
        _nobody()
        return
    names = {wave.key: maybe(f"time.wave_{wave.key}", wave.key) for wave in found.waves}
    days = [(day.day, names[wave.key], day.orders) for wave in found.waves for day in wave.days]
    with st.container(key="time_waves_chart"):
        title = t("time.waves_axis")
        st.vega_lite_chart(time_charts.launch(days, list(names.values()), title), alt=title)
    columns = {name: t(f"time.{name}") for name in WAVES}
    rows = [_wave_row(wave, names[wave.key]) for wave in found.waves]
    parts.table(rows, columns, "time_waves", numbers=WAVES[2:6], alt=t("time.waves"))
    _foot(rows, columns, "waves")


def _launch_day(default: date) -> date:
    latest = period.today(here().brand.timezone)
    st.session_state.setdefault("launch", min(default, latest))
    st.date_input(t("time.launch"), key="launch", max_value=latest, persist_state="session", width=200)
    chosen = st.session_state["launch"]
    return chosen if isinstance(chosen, date) else default


def _wave_row(wave: Wave, name: str) -> Row:
    last = wave.to_day - timedelta(days=1)
    first = wave.triggers[0] if wave.triggers else None
    told = figures.NONE
    if first is not None:
        who = f"{maybe(f'touch.{first.kind}', first.kind)} · {channel_name(first.channel)}"
        told = f"{who if first.kind else t('attribution.unattributed')} ({figures.count(first.orders)})"
    return {
        "wave": name,
        "days": t("period.range", first=figures.day(wave.from_day), last=figures.day(last)),
        "orders": figures.count(wave.orders),
        "buyers": figures.count(wave.buyers),
        "first_orders": figures.count(wave.first_orders),
        "revenue": figures.money(wave.revenue, here().brand.currency),
        "trigger": told,
    }


def _days(value: float | None) -> str:
    return figures.NONE if value is None else t("time.days_long", count=f"{value:.1f}".removesuffix(".0"))


def _foot(rows: list[Row], columns: dict[str, str], part: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(rows, columns, f"time_{part}")
        parts.explain(f"time_{part}", t(f"time.how_{part}"))


def _nobody() -> None:
    with states.empty(t("time.empty_title"), t("time.empty_text")):
        if here().can("imports:write"):
            parts.link("import", t("overview.first_import"), icon=":material/upload_file:")


PARTS: dict[str, Callable[[Period], None]] = {
    "funnel": _funnel,
    "lag": _lag,
    "ripeness": _ripeness,
    "retention": _retention,
    "waves": _waves,
}
