"""Receipts only move a delivery forward."""

from hypothesis import given
from hypothesis import strategies as st

from core.deliveries.states import RANK, moves

REPORTS = ("accepted", "delivered", "failed", "unknown")


def final_state(reports: list[str]) -> str:
    state = "intended"
    for report in reports:
        state = report if moves(state, report) else state
    return state


@given(st.lists(st.sampled_from(["accepted", "delivered"]), min_size=1, max_size=8))
def test_order_of_receipts_does_not_matter(reports: list[str]) -> None:
    assert final_state(reports) == final_state(sorted(reports, key=RANK.__getitem__))


@given(st.lists(st.sampled_from(REPORTS), max_size=8))
def test_skipped_and_final_states_stay(reports: list[str]) -> None:
    for state in ("delivered", "failed", "skipped"):
        assert not any(moves(state, report) for report in reports)


def test_unknown_is_settled_by_a_receipt() -> None:
    assert final_state(["unknown", "delivered"]) == "delivered"
    assert final_state(["unknown", "failed"]) == "failed"
    assert final_state(["accepted", "unknown"]) == "accepted"
