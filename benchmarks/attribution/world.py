"""A world whose truth is known: contacts walk from channel to channel by given chances until they buy or give up."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000
START_US = 1_700_000_000_000_000
DAYS = 730
CHUNK = 400_000
"""Contacts made at a time: they come in the same weeks, so that the file is nearly in the order of time."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """start: float64[c]; step: float64[c, c + 2], to each channel, to an order, to nothing."""

    start: Floats
    step: Floats

    @classmethod
    def of(cls, channels: int) -> "World":
        """Journeys of about four touches, one in six of which ends in an order."""
        random = np.random.default_rng(channels)
        start = random.dirichlet(np.full(channels, 2.0))
        order, nothing = random.uniform(0.005, 0.06, channels), random.uniform(0.12, 0.28, channels)
        go_on = random.dirichlet(np.full(channels, 1.0), channels) * (1 - order - nothing)[:, None]
        return cls(start, np.column_stack([go_on, order, nothing]))

    def true_shares(self) -> Floats:
        """Shares of the channels' removal effects, from the chances themselves."""
        channels = len(self.start)
        effects = np.empty(channels)
        whole = self._conversion(np.ones(channels, np.bool_))
        for channel in range(channels):
            effects[channel] = 1 - self._conversion(np.arange(channels) != channel) / whole
        return effects / effects.sum()

    def _conversion(self, kept: NDArray[np.bool_]) -> float:
        channels = len(self.start)
        walk = self.step[:, :channels] * kept[:, None] * kept
        return float((self.start * kept) @ np.linalg.solve(np.eye(channels) - walk, self.step[:, channels] * kept))


@dataclass(frozen=True)
class Events:
    """Touches and orders in the order of time."""

    contact: Ints
    ts: Ints
    channel: Ints
    order_contact: Ints
    order_ts: Ints
    value: Ints


def make_events(world: World, touches: int) -> Iterator[Events]:
    """At least so many touches, cut off at the number; channels count from 1, so do contacts."""
    random = np.random.default_rng(7)
    made, first = 0, 1
    while made < touches:
        contacts = min(CHUNK, (touches - made) // 4 + 1)
        span = (DAYS - 60) * DAY_US
        begin = START_US + span * made // touches + random.integers(0, span * contacts * 4 // touches + 1, contacts)
        events = _walk(world, np.arange(first, first + contacts), begin, random, touches - made)
        made, first = made + len(events.contact), first + contacts
        yield events


def _walk(world: World, contact: Ints, at: Ints, random: np.random.Generator, most: int) -> Events:
    channels = len(world.start)
    cdf = np.cumsum(np.vstack([np.append(world.start, [0.0, 0.0]), world.step]), axis=1)
    cdf[:, -1] = 1.0
    ladder = (cdf + np.arange(channels + 1)[:, None]).ravel()
    state = np.zeros(len(contact), np.int64)
    touched, bought = [], []
    while len(contact):
        place = np.searchsorted(ladder, state + random.random(len(state)), "right")
        after = np.minimum(place - state * (channels + 2), channels + 1)
        buys, touches = after == channels, after < channels
        bought.append((contact[buys], at[buys] + random.integers(0, HOUR_US // 2, int(buys.sum()))))
        at = at + HOUR_US + random.exponential(1.5 * DAY_US, len(at)).astype(np.int64)
        touched.append((contact[touches], at[touches], after[touches] + 1))
        goes_on = touches | (buys & (random.random(len(buys)) < 0.5))
        contact, at = contact[goes_on], at[goes_on]
        state = np.where(touches, after + 1, 0)[goes_on]
    who, when, what = (np.concatenate(column) for column in zip(*touched, strict=True))
    buyer, moment = (np.concatenate(column) for column in zip(*bought, strict=True))
    order, sold = np.argsort(when, kind="stable")[:most], np.argsort(moment, kind="stable")
    value = random.integers(100, 99_999, len(sold))
    return Events(who[order], when[order], what[order], buyer[sold], moment[sold], value)


def write_raw(world: World, touches: int, folder: Path) -> None:
    """`touches.parquet` and `orders.parquet`, as an export of events would be."""
    writers: dict[str, pq.ParquetWriter] = {}
    for events in make_events(world, touches):
        tables = {
            "touches": {
                "contact": events.contact.astype(np.int32),
                "ts": events.ts,
                "channel": events.channel.astype(np.int16),
            },
            "orders": {
                "contact": events.order_contact.astype(np.int32),
                "ts": events.order_ts,
                "value": events.value,
            },
        }
        for name, columns in tables.items():
            table = pa.table(columns)
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()
