"""The two kinds of model and what the engine asks of them; built-in and plugin models enter by the same door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from core.attribution.journeys import Floats, Journeys
from core.attribution.sums import Sums


@dataclass(frozen=True, slots=True)
class ChannelEffects:
    """What a channel model found. conversions, value: float64[channels], shares of the total, each summing to one (or
    all zero when nothing converted); details: columns for a report, such as removal_effect or raw, float64[channels].
    """

    conversions: Floats
    value: Floats
    details: Mapping[str, Floats] = field(default_factory=dict)


class TouchModel(Protocol):
    """A rule that shares one order among the touches before it: the plugin's `AttributionModel`."""

    @property
    def name(self) -> str:
        """Unique, as in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run."""

    def credits(self, journeys: Journeys) -> Floats:
        """float64[m]: a share a touch, summing to one in each journey. Called once a bucket, with orders only."""


@runtime_checkable
class ChannelModel(Protocol):
    """A model that looks at all journeys together: counts that add up over buckets, then one solve."""

    @property
    def name(self) -> str:
        """Unique, as in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run."""

    def count(self, journeys: Journeys, *, channels: int) -> Mapping[str, Sums]:
        """Named sums over one bucket's journeys, null ones included. Called once a bucket."""

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """The effects, from the buckets' sums added up. Called once a run."""


AnyModel = TouchModel | ChannelModel
