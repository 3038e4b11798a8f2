"""Sorted rows put together: a few rows find their places among many, and nothing is sorted again."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.lake.facts import Facts, in_order, join


def merge_sorted(parts: Sequence[Facts]) -> Facts:
    """All rows of parts that are each in order, in order. The largest part stays as it is; the others go between.

    A column that is empty in the parts (it was not read) stays empty.
    """
    filled = sorted((part for part in parts if len(part.contact)), key=lambda part: -len(part.contact))
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    large, small = filled[0], in_order(join(filled[1:]))
    place = _places(large, small)
    from_small = np.zeros(len(large.contact) + len(small.contact), np.bool_)
    from_small[place + np.arange(len(place))] = True
    return type(large)(
        *(_weave(getattr(large, field.name), getattr(small, field.name), from_small) for field in fields(large))
    )


def _places(large: Facts, small: Facts) -> NDArray[np.int64]:
    """int64[len(small)]: how many rows of `large` stand before each row of `small`; a binary search of all at once."""
    low = np.searchsorted(large.contact, small.contact, "left")
    high = np.searchsorted(large.contact, small.contact, "right")
    while (unsettled := low < high).any():
        middle = (low + high) >> 1
        probe = np.minimum(middle, len(large.contact) - 1)
        earlier = large.ts[probe] < small.ts
        earlier |= (large.ts[probe] == small.ts) & (large.seq[probe] <= small.seq)
        low = np.where(unsettled & earlier, middle + 1, low)
        high = np.where(unsettled & ~earlier, middle, high)
    return low


def _weave(large: NDArray[Any], small: NDArray[Any], from_small: NDArray[np.bool_]) -> NDArray[Any]:
    if not len(large):
        return large
    woven = np.empty(len(from_small), large.dtype)
    woven[from_small] = small
    woven[~from_small] = large
    return woven
