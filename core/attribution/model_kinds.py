"""The two kinds of model and what the engine asks of them; built-in and plugin models enter by the same door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeGuard

from core.attribution.groups import LeftSums
from core.attribution.grown import Counted, GrownPaths
from core.attribution.journeys import Flags, Floats, Journeys, Paths, SmallInts
from core.attribution.sums import Sums
from core.sdk.attribution import Shares


@dataclass(frozen=True, slots=True)
class ChannelEffects:
    """What a channel model found. conversions, value: float64[channels], shares of the total, each summing to one (or
    all zero when nothing converted); met: bool[channels], whether any journey met the channel; details: columns for a
    report, such as removal_effect or raw, float64[channels].
    """

    conversions: Floats
    value: Floats
    met: Flags
    details: Mapping[str, Floats] = field(default_factory=dict)


class TouchModel(Protocol):
    """A rule that shares one order among the touches before it: the plugin's `AttributionModel`."""

    @property
    def name(self) -> str:
        """Unique, as in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run."""

    def credits(self, journeys: Journeys) -> Floats | Shares:
        """A share a touch, summing to one in each journey. Called once for a few buckets, with orders only."""


class Counter(Protocol):
    """What a channel model wants counted. Models of one family share the count of the greatest depth among them."""

    @property
    def family(self) -> str:
        """Whose counts can be shared."""

    @property
    def depth(self) -> int:
        """A deeper count holds all that a shallower one of its family does."""

    def count(self, paths: Paths, *, channels: int, group: SmallInts | None = None) -> Mapping[str, Sums]:
        """Named sums over one bucket's journeys, null ones included; the same names and rows for every bucket.

        Args:
            group: whole numbers[j] below GROUPS; when given, a key is the plain key * GROUPS + group."""

    def count_grown(self, grown: GrownPaths, *, channels: int, group: SmallInts | None = None) -> Counted:
        """What `count` gives for these journeys now, and what it gave then; a part that is in both may be left out of
        both, so that no more of the old touches is looked at than it takes."""

    def counts_groups(self, *, channels: int) -> bool:
        """Whether there are few enough keys to be counted by group, and to be solved once without each."""


class ChannelModel(Protocol):
    """A model that looks at all journeys together: counts that add up over buckets, then one solve."""

    @property
    def name(self) -> str:
        """Unique, as in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run."""

    @property
    def counter(self) -> Counter:
        """What is to be counted."""

    def solve(self, sums: Mapping[str, Sums], *, channels: int) -> ChannelEffects:
        """The effects, from the buckets' sums added up, counted at least as deep as asked. Called once a run."""

    def solve_left(self, left: Mapping[str, LeftSums], *, channels: int) -> tuple[Floats, Floats]:
        """float64[GROUPS + 1, channels], twice: the shares on conversions and on value without each group of contacts,
        and last those of all. Asked only where the counter counts groups."""


AnyModel = TouchModel | ChannelModel


# One attribute tells them apart: checking all of a protocol costs as much as a count.


def is_channel_model(model: AnyModel) -> TypeGuard[ChannelModel]:
    """Whether the model judges channels."""
    return hasattr(model, "counter")


def is_touch_model(model: AnyModel) -> TypeGuard[TouchModel]:
    """Whether the model shares orders among touches."""
    return not is_channel_model(model)


def touch_models(models: Mapping[str, AnyModel]) -> dict[str, TouchModel]:
    """Those that share orders among touches."""
    return {name: model for name, model in models.items() if is_touch_model(model)}


def channel_models(models: Mapping[str, AnyModel]) -> dict[str, ChannelModel]:
    """Those that judge channels."""
    return {name: model for name, model in models.items() if is_channel_model(model)}
