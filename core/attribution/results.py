"""What an attribution ends in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.attribution.journeys import Floats, Ints
from core.attribution.model_kinds import ChannelEffects
from core.attribution.sums import dense_sums
from core.attribution.tally import Tally


@dataclass(frozen=True, slots=True)
class CellSums:
    """What each cell got. cell: int64[k] ascending; conversions, value: float64[k]."""

    cell: Ints
    conversions: Floats
    value: Floats

    def by(self, key: Ints) -> "CellSums":
        """Added up by another key, int64[k]: one for each cell."""
        found, inverse = np.unique(key, return_inverse=True)
        conversions = dense_sums(inverse, self.conversions)
        return CellSums(found, conversions, dense_sums(inverse, self.value))


NO_CELLS = CellSums(np.empty(0, np.int64), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Credits:
    """cells: credit by model; effects: what the channel models found; tally: all that was counted."""

    cells: Mapping[str, CellSums]
    effects: Mapping[str, ChannelEffects]
    tally: Tally

    @property
    def journeys(self) -> int:
        """How many there were, null ones included."""
        return self.tally.journeys

    @property
    def conversions(self) -> int:
        """Orders with a touch."""
        return self.tally.conversions
