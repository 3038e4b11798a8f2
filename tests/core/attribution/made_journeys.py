"""Journeys and events for the kernels' tests, made by hand, by hypothesis and from known truth."""

import numpy as np
from hypothesis import strategies as st

from core.attribution.journeys import Orders, Paths, Touches
from core.attribution.parts import Part, part_of
from tests.core.attribution.slow_reference import Order, Path, Touch

NAMES = "abcdefghijklmnopqrst"
Outcome = tuple[int, int, float]


def paths_of(paths: list[Path], outcomes: list[Outcome]) -> Paths:
    """Paths over letters; a channel is its letter's place in the alphabet."""
    lengths = [len(path) for path in paths]
    return Paths(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        channel=np.array([NAMES.index(letter) for path in paths for letter in path], np.int32),
        conversions=np.array([o[0] for o in outcomes], np.int64),
        nulls=np.array([o[1] for o in outcomes], np.int64),
        value=np.array([o[2] for o in outcomes], np.float64),
    )


def made_part(paths: list[Path], outcomes: list[Outcome]) -> Part:
    """The same as a part whose cells are its channels."""
    made = paths_of(paths, outcomes)
    return part_of(made, cell=made.channel.astype(np.int64))


def touches_of(touches: list[Touch]) -> Touches:
    """Sorted touches; the cell is the touch's place in the list."""
    return Touches(
        np.array([t.contact for t in touches], np.int64),
        np.array([t.ts for t in touches], np.int64),
        np.array([NAMES.index(t.channel) for t in touches], np.int32),
        np.arange(len(touches), dtype=np.int64),
    ).sorted()


def orders_of(orders: list[Order]) -> Orders:
    """Sorted orders, all counted."""
    return Orders(
        np.array([o.contact for o in orders], np.int64),
        np.array([o.ts for o in orders], np.int64),
        np.array([o.value for o in orders], np.float64),
        np.ones(len(orders), np.bool_),
    ).sorted()


outcomes = (
    st.integers(0, 5)
    .flatmap(
        lambda conversions: st.tuples(
            st.just(conversions), st.integers(0, 5), st.just(0.0) if not conversions else st.integers(0, 999).map(float)
        )
    )
    .filter(lambda o: o[0] + o[1] > 0)
)
paths = st.lists(st.sampled_from("abcd"), min_size=1, max_size=7).map(tuple)
path_files = st.lists(st.tuples(paths, outcomes), min_size=1, max_size=8)
touch_lists = st.lists(st.builds(Touch, st.integers(1, 3), st.integers(0, 30), st.sampled_from("abc")), max_size=14)
order_lists = st.lists(
    st.builds(Order, st.integers(1, 4), st.integers(0, 30), st.integers(0, 99).map(float)), max_size=6
)
