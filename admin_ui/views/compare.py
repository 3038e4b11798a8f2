"""Two runs side by side: what differs between them, and what that does to the credit."""

from collections.abc import Sequence

import streamlit as st

from admin_ui import charts, compare_charts, figures, parts, states, url
from admin_ui.charts import Spec
from admin_ui.client import ApiError
from admin_ui.compare_charts import Ends
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.attribution import Run
from admin_ui.shapes.compare import Comparison, Pair, last_day
from admin_ui.views import compared_options, run_progress, sureness
from admin_ui.words import channel_name, maybe, plain, t

BY = ("channel", "placement", "day", "order")
MEASURES = ("value", "conversions")
KNOWN_REFUSALS = frozenset({"conflict", "invalid"})
MOST_LINES = 12


def draw(runs: Sequence[Run]) -> None:
    """The tab. runs: newest first."""
    done = {run.id: run for run in runs if run.state == "done"}
    busy = next((run for run in runs if run.state in run_progress.BUSY), None)
    if busy:
        run_progress.draw(busy)
    if len(done) < 2:
        states.empty(t("compare.empty_title"), t("compare.empty_text"))
        return
    ids, labels = list(done), {key: _label(run) for key, run in done.items()}
    left, right = st.columns(2)
    with left:
        run = url.select("run", t("compare.run"), ids, ids[1], labels.__getitem__)
        _again(done[run])
    with right:
        other = url.select("with", t("compare.with"), ids, ids[0], labels.__getitem__)
        _again(done[other], place="with")
    with st.container(horizontal=True, vertical_alignment="center", key="compare_filters"):
        by = url.choose("by", t("attribution.by"), BY, "channel", lambda code: t(f"attribution.by_{code}"))
        measure = url.choose(
            "measure", t("attribution.measure"), MEASURES, "value", lambda code: t(f"attribution.{code}")
        )
    try:
        found = here().read(Comparison, "attribution/compare", {"run": run, "with": other, "by": by})
    except ApiError as error:
        if error.problem.code not in KNOWN_REFUSALS:
            raise
        states.complain(error)
        return
    names = {code: maybe(f"models.{code}", code) for code in found.models}
    model = url.select("model", t("compare.model"), found.models, _usual(found.models), names.__getitem__)
    sureness.warn(found.cautions)
    _picture(found, model, by, measure)
    _table(found, model)
    compared_options.draw(found)


def _usual(models: Sequence[str]) -> str:
    return "markov" if "markov" in models else models[0]


def _label(run: Run) -> str:
    window = t(f"compare.preset_{run.preset}") if run.preset else f"{run.start} – {last_day(run)}"
    made = figures.moment(run.finished_at or run.created_at, here().brand.timezone)
    return f"{window} · {made} · {run.id[-6:]}"


def _again(run: Run, *, place: str = "run") -> None:
    """Make it again, on its own files or on the newest."""
    if not here().can("attribution:write"):
        return
    with st.container(horizontal=True, key=f"again_{place}"):
        for snapshot in ("same", "newest"):
            label, told = t(f"compare.again_{snapshot}"), t(f"compare.again_{snapshot}_help")
            if st.button(label, key=f"again_{place}_{snapshot}", help=told, icon=":material/replay:"):
                _ask(run, snapshot)


def _ask(run: Run, snapshot: str) -> None:
    try:
        here().do("POST", f"attribution/runs/{run.id}/again", {"snapshot": snapshot})
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("attribution.started"))
    st.rerun(scope="app")


def _name(pair: Pair) -> str:
    return maybe(f"attribution.order_{pair.key}", channel_name(pair.name))


def _sides() -> tuple[str, str]:
    return t("compare.run"), t("compare.with")


def _picture(found: Comparison, model: str, by: str, measure: str) -> None:
    rows = [row for row in found.rows if row.model == model]
    title = t(f"attribution.{measure}")
    if measure == "value":
        title = f"{title} ({figures.symbol(found.currency).strip()})"
    lines = [_ends(row, measure) for row in (rows if by == "day" else rows[:MOST_LINES])]
    if not lines:
        return
    if by == "day":
        spec = compare_charts.both_by_day(lines, _sides(), title, below=_shade(rows))
    else:
        spec = compare_charts.dumbbell(lines, _sides(), title)
    with st.container(key="compare_picture"):
        st.vega_lite_chart(spec, alt=_finding(found, rows) or title)
    if any(line.run_range for line in lines):
        st.caption(t("compare.bars"))


def _shade(rows: Sequence[Pair]) -> list[Spec]:
    """The days of which it is too early to judge in either run."""
    early = {row.key for row in rows if row.run.too_early or row.other.too_early}
    spans = charts.spans_of([row.key for row in rows], early)
    return charts.shaded_days(spans, t("attribution.early_short")) if early else []


def _ends(row: Pair, measure: str) -> Ends:
    ranges = [side.interval(measure) for side in (row.run, row.other)]
    low_high = [None if one is None else (one.low, one.high) for one in ranges]
    return Ends(_name(row), row.run.of(measure), row.other.of(measure), *low_high)


def _finding(found: Comparison, rows: Sequence[Pair]) -> str:
    """What moved most, in words."""
    most = max(rows, key=lambda row: abs(row.value_difference))
    if not most.value_difference:
        return t("compare.nothing_moved")
    return t("compare.moved", name=plain(_name(most)), difference=_signed(most.amount_difference, found.currency))


def _table(found: Comparison, model: str) -> None:
    mine = [row for row in found.rows if row.model == model]
    if mine:
        st.caption(_finding(found, mine))
    closing = [
        (t(f"attribution.{name}"), pair)
        for name, pairs in (
            ("calibration", found.calibration),
            ("unattributed", found.unattributed),
            ("total", found.totals),
        )
        for pair in pairs
        if pair.model == model
    ]
    shown = [*((_name(row), row) for row in mine), *closing]
    names = ("name", "run_n", "with_n", "difference_n", "points_n", "run_range_n", "with_range_n")
    columns = {name: t(f"compare.{name}") for name in names}
    rows = [_cells(name, pair, found.currency) for name, pair in shown]
    parts.table(rows, columns, "comparison", numbers=names[1:], alt=t("compare.title"))
    with st.container(horizontal=True, vertical_alignment="center"):
        _export(found)
        parts.explain("compare", t("compare.how"))


def _cells(name: str, pair: Pair, currency: str) -> Row:
    points = pair.share_difference
    return {
        "name": name,
        "run_n": figures.money(pair.run.amount, currency),
        "with_n": figures.money(pair.other.amount, currency),
        "difference_n": _signed(pair.amount_difference, currency),
        "points_n": figures.NONE if points is None else t("compare.points", points=_points(points)),
        "run_range_n": _range(pair, "run", currency),
        "with_range_n": _range(pair, "other", currency),
    }


def _range(pair: Pair, side: str, currency: str) -> str:
    interval = (pair.run if side == "run" else pair.other).value_interval
    if interval is None:
        return figures.NONE
    return f"{figures.money(interval.low, currency)} – {figures.money(interval.high, currency)}"


def _points(share: float) -> str:
    """Percentage points with their sign; what rounds to nothing has none."""
    points = round(100 * share, 1)
    return f"{points:+.1f}" if points else "0.0"


def _signed(amount: figures.Number, currency: str) -> str:
    return ("+" if amount > 0 else "") + figures.money(amount, currency)


def _export(found: Comparison) -> None:
    """Every model, with all digits."""
    measures = ("conversions", "value", "share")
    columns = [f"{side}_{measure}" for side in ("run", "with") for measure in measures]
    ends = [f"{side}_value_{end}" for side in ("run", "with") for end in ("low", "high")]
    rows = [_digits(pair) for pair in [*found.rows, *found.calibration, *found.unattributed, *found.totals]]
    names = ["model", "key", "name", *columns, "value_difference", "amount_difference", "share_difference", *ends]
    parts.export(rows, dict.fromkeys(names, ""), "comparison")


def _digits(pair: Pair) -> Row:
    cells: dict[str, parts.Cell] = {"model": pair.model, "key": pair.key, "name": pair.name}
    for name, side in (("run", pair.run), ("with", pair.other)):
        cells |= {f"{name}_{measure}": getattr(side, measure) for measure in ("conversions", "value", "share")}
        if side.value_interval:
            cells |= {f"{name}_value_{end}": getattr(side.value_interval, end) for end in ("low", "high")}
    return cells | {
        "value_difference": pair.value_difference,
        "amount_difference": float(pair.amount_difference),
        "share_difference": pair.share_difference,
    }
