"""Where a contact lives, and what breaks ties."""

import numpy as np

from core.db import new_id
from core.lake.facts import TouchFacts, bucket_of, in_order, sequence_of


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
