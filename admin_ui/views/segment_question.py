"""One question of a saved filter: what is asked, whether the answer is turned round, and its values."""

from collections.abc import Callable

import streamlit as st

from admin_ui.segment_form import ADDRESSES, KINDS, Question
from admin_ui.words import maybe, t


def draw(line: str, one: Question, channels: dict[str, str], remove: Callable[[], None]) -> Question:
    """Draw the line and return what it asks now."""
    with st.container(border=True, key=f"question_{line}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                t("segments.asks"), KINDS, KINDS.index(one.kind), key=f"kind_{line}", width=240,
                format_func=lambda code: t(f"segments.ask_{code}"), placeholder=t("parts.choose"),
            )  # fmt: skip
            negated = st.toggle(t("segments.negated"), one.negated, key=f"not_{line}", width="content")
            st.button(t("segments.drop"), key=f"drop_{line}", type="tertiary", on_click=remove)
        return _values(line, kind, negated, one, channels)


def _values(line: str, kind: str, negated: bool, one: Question, channels: dict[str, str]) -> Question:
    match kind:
        case "tag":
            tag = st.text_input(t("contacts.tag"), one.tag, key=f"tag_{line}", max_chars=120).strip()
            return Question(kind, negated, tag=tag)
        case "source":
            codes = list(channels)
            present = codes.index(one.channel_id) if one.channel_id in codes else None
            picked = st.selectbox(
                t("campaigns.came"), codes, present, key=f"source_{line}", format_func=channels.__getitem__,
                placeholder=t("parts.choose"),
            )  # fmt: skip
            return Question(kind, negated, channel_id=picked or "")
        case "reachable":
            address = st.selectbox(
                t("segments.address"), ADDRESSES, ADDRESSES.index(one.address), key=f"address_{line}",
                format_func=lambda code: maybe(f"identity.{code}", code), placeholder=t("parts.choose"),
            )  # fmt: skip
            return Question(kind, negated, address=address)
        case "ordered":
            return _ordered(line, negated, one)
    left, right = st.columns(2)
    first = left.date_input(t("segments.first"), one.first, key=f"first_{line}")
    last = right.date_input(t("segments.last"), one.last, key=f"last_{line}")
    return Question(kind, negated, first=first, last=last)


def _ordered(line: str, negated: bool, one: Question) -> Question:
    left, middle, right = st.columns(3)
    least = left.number_input(t("segments.at_least"), 1, 100_000, one.at_least, key=f"least_{line}")
    most = middle.number_input(t("segments.at_most"), 0, 100_000, one.at_most, key=f"most_{line}")
    since = right.date_input(t("segments.ordered_since"), one.first, key=f"since_{line}")
    return Question("ordered", negated, at_least=least, at_most=most, first=since)
