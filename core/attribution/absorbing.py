"""An absorbing Markov chain, solved: expected rewards at absorption, and what is lost when states are sent to null."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.attribution.blas import few_blas_threads
from core.attribution.journeys import Floats, Ints
from core.attribution.sums import dense_sums, sums_along

DENSE_STATES = 1_500
"""Above this many states the chain is walked instead of inverted."""
WALK_REST = 1e-17
"""The walk stops when less than this part of the journeys is still under way."""


@dataclass(frozen=True, slots=True)
class AbsorbingChain:
    """Counts of one chain of s states, or of many chains of the same states and steps.

    start: float64[..., s] journeys begun there; ends: float64[..., s] journeys ended there, converted or not;
    source, target: int64[e], each pair once, and times: float64[..., e], the steps between states.
    """

    start: Floats
    source: Ints
    target: Ints
    times: Floats
    ends: Floats

    @property
    def size(self) -> int:
        """How many states there are."""
        return int(self.start.shape[-1])

    def removal_effects(self, rewards: Floats, *, removed: Sequence[Ints]) -> Floats:
        """float64[..., len(removed), r]: for each set of states, 1 - (expected reward when the set is sent to null) /
        (expected reward), for each of r rewards; rewards: float64[..., s, r], summed over the journeys that ended
        there. Many chains must be of few states."""
        if not self.size:
            return np.zeros((*rewards.shape[:-2], len(removed), rewards.shape[-1]))
        if self.size <= DENSE_STATES:
            total, lost = self._by_inverse(*self._chances(rewards), removed)
            total = total[..., None, :]
        else:
            total, lost = self._by_walk(*self._chances(rewards), removed)
        return np.clip(_over(lost, total), 0.0, None)

    def expected(self, rewards: Floats) -> Floats:
        """float64[r]: the expected reward of a journey."""
        if not self.size:
            return np.zeros(rewards.shape[1])
        return self._walked(*self._chances(rewards), np.empty(0, np.int64))

    def _chances(self, rewards: Floats) -> tuple[Floats, Floats, Floats]:
        """Of beginning in a state, of each step, and the mean reward of leaving a state."""
        leaving = sums_along(self.source, self.times, size=self.size) + self.ends
        begun = self.start.sum(axis=-1, keepdims=True)
        chance = _over(self.times, leaving[..., self.source])
        return _over(self.start, begun), chance, _over(rewards, leaving[..., None])

    def _by_inverse(
        self, begin: Floats, chance: Floats, reward: Floats, removed: Sequence[Ints]
    ) -> tuple[Floats, Floats]:
        """With N = (I - Q)^-1, the reward lost with the set A is begin N[:, A] (N[A, A])^-1 N[A, :] reward."""
        system = np.broadcast_to(np.eye(self.size), (*begin.shape, self.size)).copy()
        system[..., self.source, self.target] -= chance
        lost = np.zeros((*reward.shape[:-2], len(removed), reward.shape[-1]))
        with few_blas_threads(self.size):
            inverse = np.linalg.inv(system)
            row = begin[..., None, :]
            visits, worth = row @ inverse, inverse @ reward
            for place, rows in enumerate(removed):
                if len(rows):
                    mended = np.linalg.solve(inverse[..., rows[:, None], rows], worth[..., rows, :])
                    lost[..., place, :] = (visits[..., rows] @ mended)[..., 0, :]
            return (row @ worth)[..., 0, :], lost

    def _by_walk(self, begin: Floats, chance: Floats, reward: Floats, removed: Sequence[Ints]) -> tuple[Floats, Floats]:
        """Journeys walked step by step until all have ended; the same figures without the matrix."""
        total = self._walked(begin, chance, reward, np.empty(0, np.int64))
        lost = [total - self._walked(begin, chance, reward, rows) for rows in removed]
        return total, np.array(lost)

    def _walked(self, begin: Floats, chance: Floats, reward: Floats, rows: Ints) -> Floats:
        under_way = begin.copy()
        under_way[rows] = 0.0
        visits = under_way.copy()
        while under_way.sum() > WALK_REST:
            under_way = dense_sums(self.target, under_way[self.source] * chance, size=len(begin))
            under_way[rows] = 0.0
            visits += under_way
        gained: Floats = visits @ reward
        return gained


def _over(part: Floats, whole: Floats) -> Floats:
    """part / whole, and 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros_like(part, np.float64), where=whole > 0)
