"""What two runs were asked and made of, and the steps of revenue of both."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from admin_ui import figures, parts
from admin_ui.parts import Row
from admin_ui.session import here
from admin_ui.shapes.compare import Comparison, Difference, MadeRun, StepPair, last_day
from admin_ui.words import maybe, plain, t

SAME, OTHER = "=", "≠"
WORDS = ("direct_touches", "visitors", "detail", "engine")
SHORT = {"direct_touches": "direct"}


def draw(found: Comparison) -> None:
    """Options first, then revenue."""
    _options(found)
    if found.revenue:
        _revenue(found)


def _options(found: Comparison) -> None:
    st.header(t("compare.options"), anchor=False)
    columns = {name: t(f"compare.{name}") for name in ("option", "mark", "run", "with")}
    pairs = {name: (fact(found.run), fact(found.other)) for name, fact in _facts().items()}
    rows: list[Row] = [_row(name, left, right) for name, (left, right) in pairs.items()]
    rows += [
        _row(one.code, *_words(one)) for one in found.differs if one.code not in (*pairs, "from", "to", "generation")
    ]
    parts.table(rows, columns, "compared_options", alt=t("compare.options"))


def _row(name: str, left: str, right: str) -> Row:
    mark = SAME if left == right else OTHER
    return {"option": maybe(f"compare.opt_{name}", name), "mark": mark, "run": left, "with": right}


def _facts() -> Mapping[str, Callable[[MadeRun], str]]:
    """What stands there also where it is the same."""
    return {
        "window": lambda run: f"{run.start} – {last_day(run)}",
        "lookback_days": lambda run: figures.count(run.lookback_days),
        "half_life_days": lambda run: figures.count(run.half_life_days),
        "cut": lambda run: t(f"compare.cut_{run.cut}"),
        "models": lambda run: t("compare.comma").join(maybe(f"models.{name}", name) for name in run.models),
        "snapshot": lambda run: figures.count(run.generation),
        "version": lambda run: run.version,
        "engine": lambda run: t(f"attribution.engine_{run.engine}"),
        "made": lambda run: t(f"compare.made_{run.made}"),
        "seconds": lambda run: figures.NONE if run.seconds is None else f"{run.seconds:,.1f}",
        "finished_at": lambda run: figures.moment(run.finished_at, here().brand.timezone),
    }


def _words(one: Difference) -> tuple[str, str]:
    left, right = (_word(one.code, value) for value in (one.run, one.other))
    return left, right


def _word(code: str, value: object) -> str:
    if isinstance(value, bool):
        return t("compare.yes" if value else "compare.no")
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={one}" for key, one in value.items()) or figures.NONE
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    text = figures.NONE if value is None else str(value)
    return maybe(f"attribution.{SHORT.get(code, code)}_{text}", plain(text)) if code in WORDS else plain(text)


def _revenue(found: Comparison) -> None:
    st.header(t("revenue.title"), anchor=False)
    names = ("step", "run_orders_n", "run_n", "with_orders_n", "with_n", "difference_n")
    columns = {"step": t("revenue.step")} | {name: t(f"compare.{name}") for name in names[1:]}
    shown = [step for step in found.revenue if step.code != "waiting" or step.run.orders or step.other.orders]
    rows = [_step(step, found.currency) for step in shown]
    parts.table(rows, columns, "compared_revenue", numbers=names[1:], alt=t("revenue.title"))


def _step(step: StepPair, currency: str) -> Row:
    return {
        "step": t(f"revenue.{step.code}"),
        "run_orders_n": figures.count(step.run.orders),
        "run_n": figures.money(step.run.amount, currency),
        "with_orders_n": figures.count(step.other.orders),
        "with_n": figures.money(step.other.amount, currency),
        "difference_n": figures.money(step.amount_difference, currency),
    }
