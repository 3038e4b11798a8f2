"""Whose upstream parts differ though their own facts do not: somebody above came, went or has another origin."""

import numpy as np

from core.attribution.journeys import Ints
from core.attribution.upstream import NOBODY, Above


def below_changes(old: Above, new: Above, *, depth: int) -> Ints:
    """int64[n], ascending: everybody with a difference among the `depth` people above them, and some others."""
    moved = _differing(old.invitee, np.stack([old.inviter]), new.invitee, np.stack([new.inviter]))
    found = np.union1d(moved, _differing(old.person, _origins(old), new.person, _origins(new)))
    for _ in range(depth if len(found) else 0):
        invited = [above.invitee[np.isin(above.inviter, found)] for above in (old, new)]
        found = np.unique(np.concatenate([found, *invited]))
    return found


def _origins(above: Above) -> Ints:
    return np.stack([above.channel, above.placement, above.day])


def _differing(old_key: Ints, old: Ints, new_key: Ints, new: Ints) -> Ints:
    """The keys (ascending in both) whose columns are not the same, or that only one side has."""
    key = np.union1d(old_key, new_key)
    before, after = np.full((2, len(old), len(key)), NOBODY, np.int64)
    before[:, np.searchsorted(key, old_key)] = old
    after[:, np.searchsorted(key, new_key)] = new
    differing: Ints = key[(before != after).any(axis=0)]
    return differing
