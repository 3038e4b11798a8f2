"""A saved filter as a form: there and back again, and in words."""

from datetime import date

import pytest

from admin_ui.segment_form import Filter, Question, filter_of, in_words, questions_of

ZONE = "Asia/Shanghai"
FILTERS: list[Filter] = [
    {"type": "everybody"},
    {"type": "tag", "tag": "vip"},
    {"type": "not", "of": {"type": "tag", "tag": "vip"}},
    {"type": "all", "of": [{"type": "source", "channel_id": "c1"}, {"type": "reachable", "kind": "email"}]},
    {"type": "any", "of": [{"type": "ordered", "at_least": 1, "at_most": 3}, {"type": "tag", "tag": "b"}]},
    {"type": "ordered", "at_most": 0, "since": "2026-10-01T00:00:00+08:00"},
    {"type": "joined", "since": "2026-10-01T00:00:00+08:00", "until": "2026-11-01T00:00:00+08:00"},
]
DEEP: list[Filter] = [
    {"type": "all", "of": [{"type": "any", "of": [{"type": "everybody"}]}, {"type": "everybody"}]},
    {"type": "not", "of": {"type": "not", "of": {"type": "tag", "tag": "a"}}},
    {"type": "source", "channel_id": "c1", "placement_id": "p1"},
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("admin_ui.words.language", lambda: "en")


@pytest.mark.parametrize("chosen", FILTERS)
def test_form_gives_back_what_it_got(chosen: Filter) -> None:
    shown = questions_of(chosen, ZONE)
    assert shown is not None
    assert filter_of(*shown, ZONE) == chosen


@pytest.mark.parametrize("chosen", DEEP)
def test_deeper_filter_is_left_alone(chosen: Filter) -> None:
    assert questions_of(chosen, ZONE) is None


def test_last_day_is_included() -> None:
    shown = questions_of(FILTERS[-1], ZONE)
    assert shown is not None
    assert shown[1][0].last == date(2026, 10, 31)


def test_line_without_answer_asks_nothing() -> None:
    assert filter_of("all", [Question(), Question("source"), Question("ordered")], ZONE) == {"type": "everybody"}


def test_filter_is_told_in_words() -> None:
    told = in_words(FILTERS[3], {"c1": "Cards"}, ZONE)
    assert told == 'joined by "Cards" and can be reached by E-mail'
    assert "not (" in in_words(FILTERS[2], {}, ZONE)
    assert "everybody" in in_words(DEEP[0], {}, ZONE)
