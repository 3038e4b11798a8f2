"""Channel models of plugins: counted and solved like the built-in ones, and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.attribution.groups import GROUPS, LeftSums
from core.attribution.grown import Counted, GrownPaths
from core.attribution.journeys import Flags, Floats, Paths, SmallInts
from core.attribution.model_kinds import ChannelEffects
from core.attribution.plugin_models import TOLERANCE, BrokenModel, ask_model
from core.attribution.sums import Sums
from core.sdk.attribution import ChannelModel, ChannelShares, KeySums


@dataclass(frozen=True, slots=True)
class PluginCounter:
    """Counts for one model; nobody shares them. Names of sums get the model's before them."""

    model: ChannelModel
    depth: int = 1

    @property
    def family(self) -> str:
        """As Counter asks."""
        return f"plugin/{self.model.name}"

    def count(self, paths: Paths, *, channels: int, group: SmallInts | None = None) -> Mapping[str, Sums]:
        """As Counter asks; by group the model counts each group's journeys, so that it needs not know of them.

        Raises:
            BrokenModel: it raised, hung, or gave other than KeySums.
        """
        if group is None:
            return self._named(self._counted(paths, channels))
        found: dict[str, Sums] = {}
        for number in np.unique(group).tolist():
            counted = self._counted(paths.select(group == number), channels)
            for name, sums in counted.items():
                one = Sums(sums.key * GROUPS + number, sums.counts, sums.amounts)
                found[name] = found[name] + one if name in found else one
        return self._named(found or self._counted(paths, channels))

    def count_grown(self, grown: GrownPaths, *, channels: int, group: SmallInts | None = None) -> Counted:
        """As Counter asks; nobody knows how far back the model looks."""
        return grown.count_both(self.count, channels=channels, group=group)

    def counts_groups(self, *, channels: int) -> bool:
        """It is asked for each group."""
        return True

    def _named(self, found: Mapping[str, Sums]) -> dict[str, Sums]:
        return {f"{self.family}/{name}": sums for name, sums in found.items()}

    def _counted(self, paths: Paths, channels: int) -> dict[str, Sums]:
        given = ask_model(self.model.name, lambda: self.model.count(paths, channels=channels))
        if not isinstance(given, Mapping):
            raise BrokenModel(self.model.name, "did not give sums by name")
        return {str(name): self._checked(one) for name, one in given.items()}

    def _checked(self, given: KeySums) -> Sums:
        try:
            key = np.asarray(given.key, np.int64)
            counts, amounts = np.asarray(given.counts, np.int64), np.asarray(given.amounts, np.float64)
            fits = counts.ndim == amounts.ndim == 2 and counts.shape[1] == amounts.shape[1] == len(key)
        except (AttributeError, TypeError, ValueError) as error:
            raise BrokenModel(self.model.name, "did not give KeySums") from error
        if not fits or not (np.diff(key) > 0).all() or not np.isfinite(amounts).all():
            raise BrokenModel(self.model.name, "gave sums whose keys do not ascend or whose rows do not fit")
        return Sums(key, counts, amounts).kept()


@dataclass(frozen=True, slots=True)
class PluginChannelModel:
    """A plugin's channel model, watched."""

    model: ChannelModel

    @property
    def name(self) -> str:
        """As the plugin says."""
        return self.model.name

    @property
    def version(self) -> str:
        """As the plugin says."""
        return self.model.version

    @property
    def counter(self) -> PluginCounter:
        """As the engine's ChannelModel asks."""
        return PluginCounter(self.model)

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """The plugin's shares, checked.

        Raises:
            BrokenModel: it raised, hung, or its shares are not one a channel, at least 0, summing to 1 or all 0.
        """
        prefix = f"{self.counter.family}/"
        mine = {name.removeprefix(prefix): one for name, one in sums.items() if name.startswith(prefix)}
        own = {name: KeySums(one.key, one.counts, one.amounts) for name, one in mine.items()}
        given = ask_model(self.name, lambda: self.model.solve(own, channels=channels))
        if not isinstance(given, ChannelShares):
            raise BrokenModel(self.name, "did not give ChannelShares")
        conversions, value = self._column(given.conversions, channels), self._column(given.value, channels)
        for column in (conversions, value):
            if (column < 0).any() or not (abs(column.sum() - 1) <= TOLERANCE or not column.any()):
                raise BrokenModel(self.name, "gave shares of channels that do not sum to 1")
        details = {str(name): self._column(column, channels) for name, column in given.details.items()}
        met: Flags = (conversions > 0) | (value > 0)
        return ChannelEffects(conversions, value, met, details)

    def solve_left(self, left: Mapping[str, LeftSums], *, channels: int) -> tuple[Floats, Floats]:
        """As the engine's ChannelModel asks: the plugin is asked for each group."""
        rest = ({name: one.row(number) for name, one in left.items()} for number in range(GROUPS + 1))
        found = [self.solve(sums, channels=channels) for sums in rest]
        return np.stack([one.conversions for one in found]), np.stack([one.value for one in found])

    def _column(self, given: Floats, channels: int) -> Floats:
        if not isinstance(given, np.ndarray) or given.shape != (channels,) or given.dtype.kind != "f":
            raise BrokenModel(self.name, "did not give one float a channel")
        if not np.isfinite(given).all():
            raise BrokenModel(self.name, "gave shares that are no numbers")
        return given.astype(np.float64)
