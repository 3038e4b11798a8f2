"""What is kept of each contact is what a look at all of its facts would find."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.attribution import tails as tails_file
from core.attribution.lake_journeys import Span
from core.attribution.matching import Window
from core.attribution.tails import Tails, find_tails, join_tails
from core.lake.facts import OrderFacts, TouchFacts, in_order
from core.lake.reading import Bucket

SPAN = Span(10, 40, Window(lookback_us=5), "UTC")
events = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 50), st.integers(1, 3)), max_size=30)
Event = tuple[int, int, int]


def bucket_of(touches: list[Event], orders: list[Event]) -> Bucket:
    contact, ts, channel = (np.array([event[at] for event in touches], np.int64) for at in range(3))
    none, seq = np.zeros(len(touches)), np.arange(len(touches))
    met = TouchFacts(
        contact.astype(np.int32), ts, channel.astype(np.int16), none.astype(np.int32), none.astype(np.int8), seq
    )
    buyer, at, value = (np.array([event[place] for event in sorted(orders)], np.int64) for place in range(3))
    bought = OrderFacts(buyer.astype(np.int32), at, value, value.astype(np.int16), np.arange(len(orders)))
    return Bucket(0, in_order(met), bought)


def joined(*buckets: Bucket) -> Tails:
    tails = join_tails(find_tails(bucket, SPAN) for bucket in buckets)
    assert tails is not None
    return tails


def tail_of(contact: int, touches: list[Event], orders: list[Event]) -> tuple[int, list[int]]:
    """The latest second that counts, and the channels since the last order."""
    met = sorted((ts, place, channel) for place, (who, ts, channel) in enumerate(touches) if who == contact)
    met = [one for one in met if 5 <= one[0] < 40]
    bought = [ts for who, ts, _ in orders if who == contact and ts < 40]
    last = max(bought, default=-1)
    latest = max([last, *(ts for ts, _, _ in met)])
    return 0 if latest < 0 else max(-(-latest // 10), 1), [channel for ts, _, channel in met if ts > last]


@pytest.fixture(autouse=True)
def short_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tails_file, "SECOND_US", 10)


@given(touches=events, orders=events, parts=st.integers(1, 3))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tails_equal_a_slow_look(touches: list[Event], orders: list[Event], parts: int) -> None:
    apart = [
        [[event for event in side if event[0] % parts == one] for side in (touches, orders)] for one in range(parts)
    ]
    tails = joined(*(bucket_of(*sides) for sides in apart))
    everybody = np.arange(12, dtype=np.int32)
    found = tails.at(everybody)
    ends = zip(found.low.tolist(), (found.low + found.lengths).tolist(), strict=True)
    channels = [tails.channel[low:high].tolist() for low, high in ends]
    shown = [*zip(found.latest.tolist(), channels, strict=True)]
    assert shown == [tail_of(contact, touches, orders) for contact in everybody.tolist()]
    assert found.met is not None
    assert found.met.tolist() == [sum(1 << channel for channel in {*met}) for met in channels]


def test_what_cannot_be_told_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = bucket_of([(1, 20, 1), (1, 21, 1), (2, 22, 1)], [])
    assert join_tails([find_tails(bucket, SPAN)]) is not None
    monkeypatch.setattr(tails_file, "TOO_LATE", 3)
    assert join_tails([find_tails(bucket, SPAN)]) is None


def test_many_channels_have_no_masks() -> None:
    tails = joined(bucket_of([(1, 20, 70), (1, 21, 200)], []))
    found = tails.at(np.array([1], np.int32))
    assert found.met is None
    assert tails.channel[found.low[0] :].tolist() == [70, 200]
