"""Every text of the UI by key, in Chinese and English side by side (`i18n/<page>.toml`)."""

import re
import tomllib
from functools import cache
from pathlib import Path

import streamlit as st

LANGUAGES = ("zh", "en")
_MARKDOWN = re.compile(r"([\\`*_\[\]~:$#<>|@])")


@cache
def book() -> dict[str, dict[str, str]]:
    """`page.key` -> language -> text."""
    texts: dict[str, dict[str, str]] = {}
    for path in sorted((Path(__file__).parent / "i18n").glob("*.toml")):
        for key, pair in tomllib.loads(path.read_text(encoding="utf-8")).items():
            texts[f"{path.stem}.{key}"] = pair
    return texts


def language() -> str:
    """The language of this run."""
    chosen = st.session_state.get("lang")
    return chosen if chosen in LANGUAGES else "zh"


def t(key: str, **values: object) -> str:
    """The text of `key` in the reader's language. Values are put in as they are: escape user text with `plain`."""
    text = book()[key][language()]
    return text.format(**values) if values else text


def maybe(key: str, otherwise: str) -> str:
    """The text of a key made from an API's code, or the code itself when we have no words for it."""
    pair = book().get(key)
    return pair[language()] if pair else otherwise


def plain(text: str) -> str:
    """User text made safe inside a label, title or caption, which Streamlit reads as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def channel_name(name: str | None) -> str:
    """A channel's name; the one that every brand has, `direct`, in the reader's language."""
    return t("channels.direct") if name == "direct" else (name or "")
