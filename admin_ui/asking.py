"""A button that asks first: what hurts is told in numbers, and the answer comes with an idempotency key of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

import streamlit as st

from admin_ui.words import plain, t

_OPEN, _SURE = "_asked", "_sure"


@dataclass(frozen=True)
class Asked:
    """The question that is open: the button it belongs to, and the key of what the answer will do."""

    button: str
    once: str


def sure(
    key: str,
    label: str,
    text: str | Callable[[], str],
    *,
    typed: str = "",
    kind: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = None,
) -> str:
    """Draw the button. Returns the idempotency key in the one run after the answer was yes, else nothing.

    Args:
        text: what will happen, with its numbers; called only when the question is opened.
        typed: a name to be typed before the answer counts.
    """
    answered = st.session_state.get(_SURE)
    if isinstance(answered, Asked) and answered.button == key:
        del st.session_state[_SURE]
        return answered.once
    if st.button(label, key=key, type=kind, icon=icon):
        st.session_state[_OPEN] = Asked(key, uuid4().hex)
    asked = st.session_state.get(_OPEN)
    if isinstance(asked, Asked) and asked.button == key:
        _ask(asked, label, text if isinstance(text, str) else text(), typed)
    return ""


def _ask(asked: Asked, label: str, text: str, typed: str) -> None:
    @st.dialog(label, on_dismiss=_forget)
    def ask() -> None:
        st.markdown(text)
        ready = True
        if typed:
            ready = st.text_input(t("parts.type_name", name=plain(typed)), key=f"typed_{asked.once}") == typed
        with st.container(horizontal=True):
            st.button(
                t("parts.yes", what=label), key="sure", type="primary", disabled=not ready, on_click=_answer,
                args=(asked,),
            )  # fmt: skip
            st.button(t("parts.no"), key="not_sure", on_click=_forget)
        if _OPEN not in st.session_state:
            # Only a run of the whole app closes the dialog; what was agreed to happens in that run, once.
            st.rerun(scope="app")

    ask()


def _answer(asked: Asked) -> None:
    # A second click of a double click finds no open question any more.
    if st.session_state.pop(_OPEN, None) is not None:
        st.session_state[_SURE] = asked


def _forget() -> None:
    st.session_state.pop(_OPEN, None)
