"""The form that asks for a run: its window is the page's period, the rest stands here."""

import streamlit as st

from admin_ui import parts, states
from admin_ui.client import ApiError
from admin_ui.period import Period
from admin_ui.session import here
from admin_ui.words import t

DETAIL = ("auto", "full", "brief")
DIRECT = ("keep", "drop", "last_resort")
ENGINES = ("usual", "local", "spark")
VISITORS = ("count", "leave_out")


def draw(chosen: Period, *, primary: bool = False) -> None:
    """The usual options in sight, the rarer ones behind one click."""
    with st.form(f"run_{primary}", border=False, width=600):
        left, right = st.columns(2)
        lookback = left.number_input(t("attribution.lookback"), 1, 365, 90, key=f"lookback_{primary}")
        half_life = right.number_input(t("attribution.half_life"), 1, 365, 7, key=f"half_life_{primary}")
        cut = st.toggle(t("attribution.cut"), value=True, key=f"cut_{primary}", help=t("attribution.cut_help"))
        calibrate = st.toggle(
            t("attribution.calibrate"), key=f"calibrate_{primary}", help=t("attribution.calibrate_help")
        )
        with st.expander(t("attribution.more")):
            choices, weights = _choices(primary)
        sent = st.form_submit_button(t("attribution.run"), type="primary" if primary else "secondary")
    if not sent:
        return
    kinds = read_weights(weights)
    if kinds is None:
        st.error(t("attribution.weights_wrong"))
        return
    _ask(
        {
            "from": chosen.start.isoformat(),
            "to": chosen.end.isoformat(),
            "lookback_days": int(lookback),
            "half_life_days": float(half_life),
            "cut": "previous_order" if cut else "none",
            "calibrate": calibrate,
            "kind_weights": kinds,
            **choices,
        }
    )


def _choices(primary: bool) -> tuple[dict[str, object], str]:
    left, right = st.columns(2)
    collapse = st.toggle(t("attribution.collapse"), key=f"collapse_{primary}")
    direct = left.selectbox(
        t("attribution.direct_touches"),
        DIRECT,
        format_func=lambda code: t(f"attribution.direct_{code}"),
        key=f"direct_{primary}",
    )
    visitors = right.selectbox(
        t("attribution.visitors"),
        VISITORS,
        format_func=lambda code: t(f"attribution.visitors_{code}"),
        key=f"visitors_{primary}",
    )
    upstream = left.number_input(
        t("attribution.upstream"), 0, 90, 0, key=f"upstream_{primary}", help=t("attribution.upstream_help")
    )
    detail = right.selectbox(
        t("attribution.detail"),
        DETAIL,
        format_func=lambda code: t(f"attribution.detail_{code}"),
        key=f"detail_{primary}",
        help=t("attribution.detail_help"),
    )
    engine = left.selectbox(
        t("attribution.engine"),
        ENGINES,
        format_func=lambda code: t(f"attribution.engine_{code}"),
        key=f"engine_{primary}",
        help=t("attribution.engine_help"),
    )
    weights = st.text_input(
        t("attribution.weights"),
        key=f"weights_{primary}",
        placeholder=t("attribution.weights_hint"),
        help=t("attribution.weights_help"),
    )
    choices = {
        "collapse": collapse,
        "direct_touches": direct,
        "visitors": visitors,
        "upstream_share": int(upstream) / 100,
        "detail": detail,
        "engine": None if engine == "usual" else engine,
    }
    return choices, weights or ""


def read_weights(text: str) -> dict[str, float] | None:
    """`click=2, visit=0.5` as numbers by kind; None when it cannot be read."""
    found = {}
    for pair in text.replace("，", ",").split(","):
        kind, equals, number = (part.strip() for part in pair.partition("="))
        if not pair.strip():
            continue
        try:
            found[kind] = float(number)
        except ValueError:
            return None
        if not (kind and equals):
            return None
    return found


def _ask(body: dict[str, object]) -> None:
    try:
        here().do("POST", "attribution/runs", body)
    except ApiError as error:
        states.complain(error)
        return
    parts.say(t("attribution.started"))
    st.rerun()
