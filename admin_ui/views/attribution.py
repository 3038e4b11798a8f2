"""Which channel earned it, and does that depend on the model?"""

import streamlit as st

from admin_ui import figures, model_charts, parts, period, states, url
from admin_ui.credits import CALIBRATION, Line, lines_of, total_of
from admin_ui.parts import Row
from admin_ui.period import Period
from admin_ui.session import here
from admin_ui.shapes.attribution import Credits, Run
from admin_ui.shapes.web import Listed
from admin_ui.views import compare, inside, measured, revenue, run_form, run_progress, sureness
from admin_ui.words import channel_name, maybe, plain, t

MODELS = (
    "first",
    "last",
    "last_non_direct",
    "linear",
    "time_decay",
    "position",
    "w_shaped",
    "markov",
    "shapley",
    "upstream",
)
BY = ("channel", "placement", "day", "order")
ORDER_KINDS = ("new", "repeat", "unknown")
TABS = ("result", "compare")


def draw() -> None:
    """The page."""
    moment = here()
    with parts.head(t("attribution.title")):
        chosen = period.choose(moment.brand.timezone, "all")
    tab = url.choose("tab", t("compare.tab"), TABS, "result", lambda code: t(f"compare.tab_{code}"))
    runs = moment.read(Listed[Run], "attribution/runs", {"limit": 50}, fresh=True).items
    if tab == "compare":
        compare.draw(runs)
        return
    fitting = [run for run in runs if _fits(run, chosen)]
    busy = next((run for run in fitting if run.state in run_progress.BUSY), None)
    done = next((run for run in fitting if run.state == "done"), None)
    if busy:
        run_progress.draw(busy)
    elif fitting and fitting[0].state == "failed":
        st.error(t("attribution.failed", reason=plain(fitting[0].error or "")))
    if done is None:
        if busy is None:
            _nothing_yet(chosen)
        return
    opened = url.opened("inside")
    if opened in done.models:
        inside.draw(done, opened)
        return
    _result(done, chosen)


def _fits(run: Run, chosen: Period) -> bool:
    """Runs of a preset are kept fresh by the server; any other fits by its very days."""
    if run.preset is not None:
        return run.preset == chosen.preset
    return run.start == chosen.start.isoformat() and (chosen.preset == "all" or run.end == chosen.end.isoformat())


def _nothing_yet(chosen: Period) -> None:
    box = states.empty(t("attribution.empty_title"), t("attribution.empty_text", period=chosen.words()))
    if here().can("attribution:write"):
        with box:
            run_form.draw(chosen, primary=True)


def _result(run: Run, chosen: Period) -> None:
    known = [model for model in MODELS if model in run.models] or list(run.models)
    models = url.several("models", t("attribution.models"), known, _two(known), _model)
    with st.container(horizontal=True, vertical_alignment="center", key="attribution_filters"):
        by = url.choose("by", t("attribution.by"), BY, "channel", lambda code: t(f"attribution.by_{code}"))
        measure = url.choose("measure", t("attribution.measure"), ("value", "conversions"), "value", _measure)
    if not models:
        st.info(t("attribution.choose_model"))
        return
    found = here().read(Credits, "attribution/credits", {"run": run.id, "models": ",".join(models), "by": by})
    lines = lines_of(found, models)
    sureness.warn(found.cautions)
    _pictures(lines, models, measure, by)
    _table(found, lines, models, by)
    revenue.draw(found.revenue)
    measured.draw(found.measured, {line.key: _name(line) for line in lines})
    _foot(run, chosen)


def _two(known: list[str]) -> list[str]:
    """The pair that differs most in what it believes."""
    return ["last", "markov"] if {"last", "markov"} <= set(known) else known[:2]


def _model(code: str) -> str:
    return maybe(f"models.{code}", code)


def _measure(code: str) -> str:
    return t(f"attribution.{code}")


def _name(line: Line) -> str:
    if line.key == CALIBRATION:
        return t("attribution.calibration")
    if line.key in ORDER_KINDS:
        return t(f"attribution.order_{line.key}")
    return channel_name(line.name) or t("attribution.unattributed")


def _pictures(lines: list[Line], models: list[str], measure: str, by: str) -> None:
    shown = lines[:12] if by != "day" else lines
    title = t(f"attribution.{measure}")
    if measure == "value":
        title = f"{title} ({figures.symbol(here().brand.currency).strip()})"
    points = [(_name(line), model, line.amount(model, measure)) for line in shown for model in models]
    labels = {model: _model(model) for model in models}
    if by == "day":
        below = sureness.shade(shown, models)
        with st.container(key="attribution_days"):
            st.vega_lite_chart(model_charts.lines_by_model(points, labels, title, below=below), alt=title)
        return
    left, right = st.columns([3, 2])
    order = [_name(line) for line in shown]
    ranges = sureness.ranges_of(shown, order, models, measure)
    with left, st.container(key="attribution_dots"):
        st.vega_lite_chart(model_charts.dots(points, labels, order, title, ranges=ranges), alt=title)
        if ranges:
            st.caption(t("attribution.bars"))
    if len(models) > 1:
        ends = (models[0], models[-1])
        rows = [(_name(line), line.amount(ends[0], measure), line.amount(ends[1], measure)) for line in shown]
        with right, st.container(key="attribution_slope"):
            st.vega_lite_chart(model_charts.slope(rows, (_model(ends[0]), _model(ends[1])), title), alt=title)


def _table(found: Credits, lines: list[Line], models: list[str], by: str) -> None:
    currency = here().brand.currency
    columns = {"name": t(f"attribution.by_{by}")}
    if any(line.ripeness(models[0]) is not None for line in lines):
        columns["ripe"] = t("attribution.ripe")
    for model in models:
        columns[f"{model}_conversions"] = f"{_model(model)} · {t('attribution.conversions')}"
        columns[f"{model}_value"] = f"{_model(model)} · {t('attribution.value')}"
        if any(line.interval(model, "value") for line in lines):
            columns[f"{model}_range"] = f"{_model(model)} · {t('attribution.range')}"
    every = [*lines, *_closing(found, models)]
    rows: list[Row] = [
        {"name": _name(line), "ripe": sureness.ripe(line, models[0]), **_cells(line, models, currency)}
        for line in every
    ]
    raw: list[Row] = [{"name": _name(line), **_digits(line, models)} for line in every]
    parts.table(rows, columns, "credits", numbers=list(columns)[1:], alt=t("attribution.title"))
    sureness.explain_marks(lines, models)
    with st.container(horizontal=True, vertical_alignment="center"):
        parts.export(raw, columns, "credits")
        parts.explain("attribution", t("attribution.how"))
        parts.link("order", t("attribution.receipt"), icon=":material/receipt_long:")
        for model in inside.MODELS:
            if model in models and st.button(t(f"inside.open_{model}"), type="tertiary", key=f"inside_{model}"):
                url.open_it("inside", model)
                st.rerun(scope="app")


def _closing(found: Credits, models: list[str]) -> list[Line]:
    return [
        Line("", t("attribution.total"), {model: total_of(found, model) for model in models}),
    ]


def _cells(line: Line, models: list[str], currency: str) -> dict[str, str]:
    cells = {}
    for model in models:
        cells[f"{model}_conversions"] = figures.credit(line.amount(model, "conversions"))
        cells[f"{model}_value"] = figures.money(line.money(model), currency)
        cells[f"{model}_range"] = sureness.range_of(line, model, currency)
    return cells


def _digits(line: Line, models: list[str]) -> dict[str, str]:
    digits = {
        f"{model}_{measure}": repr(line.amount(model, measure))
        for model in models
        for measure in ("conversions", "value")
    }
    ranges = {model: line.interval(model, "value") for model in models}
    return digits | {f"{model}_range": f"{one.low!r} – {one.high!r}" for model, one in ranges.items() if one}


def _foot(run: Run, chosen: Period) -> None:
    said = t(
        "attribution.source",
        run=plain(run.id[-8:]),
        at=figures.moment(run.finished_at or run.created_at, here().brand.timezone),
        lookback=run.lookback_days or figures.NONE,
        half_life=figures.count(run.half_life_days),
    )
    how = t("attribution.made_full")
    if run.made == "increment":
        how = t("attribution.made_increment", contacts=figures.count(run.changed_contacts))
    took = figures.NONE if run.seconds is None else f"{run.seconds:,.1f}"
    seconds = t("attribution.made_in", engine=t(f"attribution.engine_{run.engine}"), seconds=took)
    parts.source(f"{said} · {how} · {seconds} · {chosen.words()}")
    if here().can("attribution:write"):
        with st.expander(t("attribution.again")):
            run_form.draw(chosen)
