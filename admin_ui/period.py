"""The period of a page: presets or an own range, in the brand's days, always at the same place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from admin_ui import figures, url
from admin_ui.words import t

PRESETS = ("7", "30", "90", "all", "own")
FIRST_DAY = date(2015, 1, 1)


@dataclass(frozen=True)
class Period:
    """Local days [start, end), as the API takes them. `preset` is the code of the choice."""

    preset: str
    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    def words(self) -> str:
        """The range for a caption."""
        if self.preset == "all":
            return t("period.until", last=figures.day(self.last))
        return t("period.range", first=figures.day(self.start), last=figures.day(self.last))

    def query(self) -> dict[str, str | int | bool | None]:
        """As query parameters."""
        return {"from": self.start.isoformat(), "to": self.end.isoformat()}


def today(timezone: str) -> date:
    """The brand's day."""
    return datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()


def of(preset: str, last: date, own: tuple[date, date] | None = None) -> Period:
    """The period of a preset that ends with the day `last`."""
    if preset == "own" and own:
        return Period(preset, own[0], own[1] + timedelta(days=1))
    if preset == "all":
        return Period(preset, FIRST_DAY, last + timedelta(days=1))
    days = int(preset) if preset.isdigit() else 30
    return Period(preset, last - timedelta(days=days - 1), last + timedelta(days=1))


def choose(timezone: str, default: str = "30") -> Period:
    """Draw the presets, and two days when the own range is chosen."""
    last = today(timezone)
    preset = url.choose("days", t("period.label"), PRESETS, default, lambda code: t(f"period.{code}"))
    if preset != "own":
        return of(preset, last)
    first = _day("from", last - timedelta(days=29), last)
    return of("own", last, (first, max(first, _day("to", last, last))))


def _day(name: str, default: date, latest: date) -> date:
    url.take(f"{name}_code", _is_day)
    code = st.session_state.pop(f"{name}_code", None)
    if code:
        st.session_state[name] = date.fromisoformat(code)
    st.session_state.setdefault(name, default)
    st.date_input(t(f"period.{name}"), key=name, max_value=latest, min_value=FIRST_DAY, persist_state="session")
    chosen = st.session_state[name]
    chosen = chosen if isinstance(chosen, date) else default
    url.give(f"{name}_code", chosen.isoformat(), default.isoformat())
    return chosen


def _is_day(code: str) -> bool:
    try:
        return date.fromisoformat(code) >= FIRST_DAY
    except ValueError:
        return False
