"""A changed past shows in the chain."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.audit.chain import START, Entry, Sealed, detail_text, first_break, link

FIRST = Entry(
    agency_id="a",
    seq=1,
    tenant_id=7,
    actor="user:u",
    action="person.invited",
    subject="user:v",
    detail="{}",
    at=datetime(2026, 3, 1, tzinfo=UTC),
    request_id="r",
)


def chain(length: int) -> list[Sealed]:
    sealed: list[Sealed] = []
    before = START
    for seq in range(1, length + 1):
        entry = replace(FIRST, seq=seq)
        sealed.append(Sealed(entry, before, link(before, entry)))
        before = sealed[-1].hash
    return sealed


def test_untouched_chain_holds() -> None:
    assert first_break(chain(5)) is None
    assert first_break([]) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "user:w"},
        {"action": "person.enabled"},
        {"subject": "user:w"},
        {"detail": '{"a":1}'},
        {"tenant_id": None},
        {"at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"request_id": ""},
    ],
)
def test_changed_entry_breaks_chain(change: dict[str, object]) -> None:
    entries = chain(5)
    entries[2] = replace(entries[2], entry=replace(entries[2].entry, **change))  # type: ignore[arg-type]  # any field
    assert first_break(entries) == 3


def test_dropped_entry_breaks_chain() -> None:
    entries = chain(5)
    del entries[2]
    assert first_break(entries) == 3


def test_field_borders_are_part_of_hash() -> None:
    one = link(START, replace(FIRST, action="ab", subject="c"))
    other = link(START, replace(FIRST, action="a", subject="bc"))
    assert one != other


def test_detail_has_one_spelling() -> None:
    assert detail_text({"b": 1, "a": "刘"}) == detail_text({"a": "刘", "b": 1}) == '{"a":"刘","b":1}'
