"""Page state in the URL as stable codes, never labels: a link sent to a colleague shows the same in both languages."""

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from admin_ui.words import t


def take(name: str, valid: Collection[str] | Callable[[str], bool]) -> None:
    """Before a widget with key `name`: a valid code in the URL that we did not write ourselves becomes its value."""
    code = st.query_params.get(name)
    if code is None or code == st.session_state.get(f"_url_{name}"):
        return
    if valid(code) if callable(valid) else code in valid:
        st.session_state[name] = code
        st.session_state[f"_url_{name}"] = code
    else:
        st.toast(t("parts.unknown_link", name=name))
        del st.query_params[name]


def give(name: str, code: str, default: str = "") -> None:
    """After a widget: write its value into the URL, or drop it when it is the default."""
    st.session_state[f"_url_{name}"] = code
    if code == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != code:
        st.query_params[name] = code


def choose(name: str, label: str, options: Sequence[str], default: str, show: Callable[[str], str]) -> str:
    """One of a few codes, as a segmented control."""
    take(name, options)
    if st.session_state.get(name) not in options:
        st.session_state[name] = default
    st.segmented_control(
        label,
        options,
        format_func=show,
        key=name,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    chosen = str(st.session_state[name])
    give(name, chosen, default)
    return chosen


def select(name: str, label: str, options: Sequence[str], default: str, show: Callable[[str], str]) -> str:
    """One of many codes, as a select box."""
    take(name, options)
    if st.session_state.get(name) not in options:
        st.session_state[name] = default
    st.selectbox(label, options, format_func=show, key=name, placeholder=t("parts.choose"), persist_state="session")
    chosen = str(st.session_state[name])
    give(name, chosen, default)
    return chosen


def several(
    name: str, label: str, options: Sequence[str], default: Sequence[str], show: Callable[[str], str]
) -> list[str]:
    """A few of some codes, as pills; their order is that of `options`."""
    code = st.query_params.get(name)
    if code is not None and code != st.session_state.get(f"_url_{name}"):
        st.session_state[name] = [part for part in code.split(",") if part in options]
    if name not in st.session_state:
        st.session_state[name] = [part for part in default if part in options]
    st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=show,
        key=name,
        persist_state="session",
        label_visibility="collapsed",
    )
    picked = st.session_state.get(name) or []
    chosen = [option for option in options if option in picked]
    give(name, ",".join(chosen), ",".join(default))
    return chosen


def text(name: str, label: str, placeholder: str = "") -> str:
    """Free text such as a search."""
    take(name, lambda code: len(code) <= 200)
    st.session_state.setdefault(name, "")
    st.text_input(label, key=name, placeholder=placeholder, label_visibility="collapsed", persist_state="session")
    typed = str(st.session_state.get(name) or "").strip()
    give(name, typed)
    return typed


def opened(name: str) -> str:
    """The id of what is open on the page, or nothing."""
    return str(st.query_params.get(name, ""))


def openings() -> int:
    """How often something was opened or closed: part of a table's key, so that its choice is forgotten then."""
    return int(st.session_state.get("_openings", 0))


def open_it(name: str, code: str) -> None:
    """Open something on this page (or close it, with an empty code)."""
    st.session_state["_openings"] = openings() + 1
    if code:
        st.query_params[name] = code
    elif name in st.query_params:
        del st.query_params[name]
