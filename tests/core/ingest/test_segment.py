"""Calls of an SDK are judged one by one; a body that is no JSON is refused as a whole, with the place."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import Malformed, TooLarge
from core.ingest.segment import MOST_CALLS, read_calls

GOOD = {"type": "track", "event": "Signed Up", "userId": "u1", "messageId": "m1"}


def batch(*calls: object, **more: object) -> bytes:
    return json.dumps({"batch": calls, **more}).encode()


def test_good_calls_are_all_accepted() -> None:
    accepted, rejected = read_calls(batch(GOOD, GOOD | {"userId": 42}, sentAt="2026-01-01T00:00:00Z"))
    assert [one.call.user_id for one in accepted] == ["u1", "42"]
    assert accepted[0].call.sent_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert rejected == []


@pytest.mark.parametrize(
    "bad",
    [
        5,
        GOOD | {"type": "dance"},
        GOOD | {"userId": None},
        GOOD | {"event": ""},
        GOOD | {"userId": "x" * 300},
        GOOD | {"properties": {"a": "x" * 40_000}},
        GOOD | {"properties": {"a": "nul \0"}},
        GOOD | {"properties": {"a\0": 1}},
        GOOD | {"properties": {"a": "\ud800"}},
        GOOD | {"properties": {"a": float("nan")}},
        GOOD | {"properties": {"a": float("inf")}},
        GOOD | {"properties": {"a": 10**40}},
        GOOD | {"properties": []},
        GOOD | {"timestamp": "99999-01-01T00:00:00Z"},
        GOOD | {"timestamp": "2026-01-01T00:00:00"},
        {"type": "group", "userId": "u1"},
        {"type": "alias", "userId": "u1"},
    ],
)
def test_bad_call_costs_only_itself(bad: object) -> None:
    accepted, rejected = read_calls(batch(GOOD, bad, GOOD))
    assert [one.index for one in accepted] == [0, 2]
    assert [one.index for one in rejected] == [1]
    assert rejected[0].reason.zh
    assert "nan" not in accepted[0].raw.decode().lower()


def test_deep_nesting_costs_only_itself() -> None:
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    accepted, rejected = read_calls(batch(GOOD, GOOD | {"properties": {"a": deep}}))
    assert (len(accepted), len(rejected)) == (1, 1)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b'{"batch": 5}', b"\xff", b"[" * 200_000, b"null"])
def test_unreadable_body_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        read_calls(raw)


def test_batch_of_too_many_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_calls(batch(*[1] * (MOST_CALLS + 1)))


def test_single_call_takes_its_path() -> None:
    accepted, _ = read_calls(json.dumps(GOOD | {"type": "page"}).encode(), only="track")
    assert accepted[0].call.type == "track"
