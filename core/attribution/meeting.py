"""Who only met more, and what they had met: found in the opened files of the lake, file by file."""

from collections.abc import Iterator

import numpy as np

from core.attribution.further import Contacts, FurtherTouches
from core.attribution.grown import GrownPaths
from core.attribution.journeys import Ints, SmallInts, rows_of, spans, starts_of
from core.attribution.lake_journeys import CelledTouches, LakeBucket, Span
from core.attribution.matching import Cut, lower_bound
from core.attribution.trimming import DirectTouches
from core.lake.facts import TouchFacts, no_touches, take
from core.lake.picking import Found, Picker, Shelf

NEVER = np.iinfo(np.int64).min


def can_grow(span: Span) -> bool:
    """Whether journeys only grow with later touches: none is shared by orders, and no touch makes another not count."""
    trimming = span.trimming
    return (
        span.window.cut is Cut.PREVIOUS_ORDER
        and not trimming.collapse
        and trimming.direct is not DirectTouches.LAST_RESORT
    )


def find_further(was: LakeBucket, shelf: Shelf, touches: TouchFacts) -> tuple[FurtherTouches, Contacts]:
    """What grew, and int32[r] the contacts of `touches` to whom more happened than that.

    Args:
        was: any bucket of the earlier snapshot, with the run's options.
        touches: what came since to people for whom nothing else did, in order (`lake.changes.further_touches`).
    """
    came = was.span.touches_of(touches)
    begin = np.flatnonzero(np.diff(came.contact, prepend=-1))
    search = _Search(was, Picker(shelf, came.contact[begin]), came.ts[begin])
    owner, lengths, channel = search.last_touches()
    kept = search.only_grew[owner]
    if was.lags is not None:
        # Intervals count who had any touch: that may be one before the last order, where nobody looks here.
        kept &= (lengths > 0) | (search.seen[owner] == NEVER)
    refused = ~search.only_grew
    refused[owner[~kept]] = True
    owner, lengths = owner[kept], lengths[kept]
    count = np.diff(begin, append=len(came.contact))[owner]
    new_starts = starts_of(count)
    new = take(came, spans(begin[owner], new_starts))
    paths = GrownPaths(starts_of(lengths), channel, new_starts, new.channel)
    contacts = search.picker.contacts
    celled = CelledTouches(new, was.code, was.span.zone)
    return FurtherTouches(contacts[owner], paths, celled, grouped=was.lags is not None), contacts[refused]


class _Search:
    """For the picker's contacts, n of them, whose first touch since was at `first`, int64[n].

    seen: int64[n], their latest touch before; ordered: int64[n], their latest order; only_grew: bool[n], whether both
    are earlier than `first`, and what the files have of them follows on each other."""

    def __init__(self, was: LakeBucket, picker: Picker, first: Ints) -> None:
        self.was, self.picker = was, picker
        self.seen, self.ordered = np.full((2, len(first)), NEVER)
        self.only_grew = np.ones(len(first), np.bool_)
        for _, found in picker.find(was.snapshot, "orders"):
            self.ordered[found.mine] = np.maximum(self.ordered[found.mine], found.last)
        for _, found in picker.find(was.snapshot, "touches"):
            self.only_grew[found.mine] &= found.first > self.seen[found.mine]
            self.seen[found.mine] = found.last
        self.only_grew &= (self.seen < first) & (self.ordered < first)

    def last_touches(self) -> tuple[Ints, Ints, SmallInts]:
        """The touches after the last order that take part: whose, in runs of which lengths, and their channels. Each
        contact has one run, in whatever order, and an empty one where there is none."""
        runs = [*self._runs()]
        owner, lengths = (np.concatenate([run[at] for run in runs]) for at in (0, 1))
        channel = np.concatenate([run[2] for run in runs])
        count = np.bincount(owner, minlength=len(self.seen))
        if count.max(initial=0) > 1:
            order = np.argsort(owner, kind="stable")
            begin, ordered = starts_of(lengths)[order], lengths[order]
            channel = channel.take(rows_of(begin, ordered))
            owner, lengths = np.flatnonzero(count), np.add.reduceat(ordered, starts_of(count[count > 0])[:-1])
        others = np.flatnonzero(count == 0)
        return np.append(owner, others), np.append(lengths, np.zeros_like(others)), channel

    def _runs(self) -> Iterator[tuple[Ints, Ints, SmallInts]]:
        """The same for one file after the other."""
        span = self.was.span
        since = np.maximum(self.ordered + 1, span.start_us - span.window.lookback_us)
        yield np.empty(0, np.int64), np.empty(0, np.int64), no_touches().channel
        for _, found in self.picker.find(self.was.snapshot, "touches"):
            grew = np.flatnonzero(self.only_grew[found.mine])
            owner, low, end = found.mine[grew], found.low[grew], (found.low + found.lengths)[grew]
            begun = np.flatnonzero(found.first[grew] < since[owner])
            low[begun] = lower_bound(found.opened.columns["ts"], low[begun], end[begun], since[owner[begun]])
            met = np.flatnonzero(low < end)
            yield self._admitted(found, owner[met], low[met], (end - low)[met])

    def _admitted(self, found: Found, owner: Ints, low: Ints, lengths: Ints) -> tuple[Ints, Ints, SmallInts]:
        rows = spans(low, starts_of(lengths))
        facts = TouchFacts(
            np.repeat(self.picker.contacts[owner], lengths),
            channel=_column(found, "channel", rows),
            kind=_column(found, "kind", rows),
            **{name: getattr(no_touches(), name) for name in ("ts", "placement", "seq")},
        )
        inside = self.was.span.trimming.admits(facts)
        if inside.all():
            return owner, lengths, facts.channel
        taken = np.bincount(np.repeat(np.arange(len(owner)), lengths)[inside], minlength=len(owner))
        return owner, taken, facts.channel[inside]


def _column(found: Found, name: str, rows: Ints) -> SmallInts:
    whole = found.opened.columns[name]
    return np.broadcast_to(whole[:1], len(rows)) if whole.strides == (0,) else whole.take(rows)
