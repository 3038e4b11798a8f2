"""Where a contact lives, and what breaks ties."""

import numpy as np
import pytest
from numpy.typing import NDArray

from core.db import new_id
from core.lake.facts import (
    TouchFacts,
    bucket_of,
    in_order,
    is_alike,
    is_sorted,
    radix_order,
    sequence_of,
    take,
    take_rows,
)


def test_buckets_are_even_and_split_in_two() -> None:
    contact = np.arange(100_000)
    few, many = bucket_of(contact, bits=3), bucket_of(contact, bits=4)
    assert np.bincount(many).min() > 5_800
    np.testing.assert_array_equal(many >> 1, few)


def test_bucket_of_a_contact_is_fixed() -> None:
    assert bucket_of(np.array([1, 2, 3, 4]), bits=8).tolist() == [145, 151, 29, 110]


def test_sequence_grows_with_minting() -> None:
    sequence = sequence_of([new_id().bytes for _ in range(5_000)])
    assert (np.diff(sequence) > 0).mean() > 0.99
    assert sequence.min() > 0


def test_ties_follow_the_sequence() -> None:
    two = np.array([1, 1], np.int32)
    facts = TouchFacts(two, np.array([5, 5]), np.array([7, 8], np.int16), two, two.astype(np.int8), np.array([9, 3]))
    assert in_order(facts).channel.tolist() == [8, 7]


def made_facts(instants: int, *, count: int = 3_000) -> TouchFacts:
    random = np.random.default_rng(instants)
    return TouchFacts(
        random.integers(1, 70_000, count).astype(np.int32) // 100,
        random.integers(0, instants, count),
        random.integers(0, 100, count).astype(np.int16),
        random.integers(0, 100, count).astype(np.int32),
        random.integers(0, 100, count).astype(np.int8),
        random.integers(0, 2**62, count),
    )


@pytest.mark.parametrize("instants", [1, 5, 1 << 20, 1 << 50])
@pytest.mark.parametrize("recorded", ["any", "by time", "mostly by time"])
def test_order_is_that_of_three_keys(instants: int, recorded: str) -> None:
    facts = made_facts(instants)
    if recorded != "any":
        facts = take(facts, np.lexsort((facts.seq, facts.ts)))
    if recorded == "mostly by time":
        facts.ts[::50] = facts.ts[-1:0:-1][::50]
    wanted = take(facts, np.lexsort((facts.seq, facts.ts, facts.contact)))
    found = in_order(facts)
    assert is_sorted(found)
    for name in TouchFacts.__slots__:
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


def test_radix_order_keeps_equal_rows() -> None:
    number = np.random.default_rng(3).integers(-(2**40), 2**40, 2_000) // 2**34
    np.testing.assert_array_equal(radix_order(number), np.argsort(number, kind="stable"))
    assert radix_order(number[:0]).tolist() == []


@pytest.mark.parametrize("index", [np.array([4, 0]), np.array([True, False, False, False, True])])
def test_column_of_one_value_stays_one(index: NDArray[np.integer] | NDArray[np.bool_]) -> None:
    column = np.broadcast_to(np.int32(7), 5)
    taken = take_rows(column, index)
    assert is_alike(taken)
    np.testing.assert_array_equal(taken, column[index])
