"""What an attribution model of a plugin gets and gives: arrays, so that ten million journeys stay cheap.

There are two kinds. An `AttributionModel` shares each order among the touches before it. A `ChannelModel` looks at all
journeys together: it counts each bucket's, the counts are added up, and it solves once for the channels' shares. The
built-in models are of the same kinds and are registered by the same hook.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


OWN_MODELS = frozenset(
    {
        *("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped"),
        *("markov", "markov_2", "markov_3", "markov_4", "shapley", "upstream"),
    }
)
"""Names of Siyu's own models: a plugin whose model is called by one of them is refused."""


class Journeys(Protocol):
    """Journeys as flat arrays; the touches of journey `j` are `starts[j]:starts[j + 1]`, in order of time.

    Of length touches: `channel` (whole numbers, dense channel numbers) and `at` (int64, microseconds since 1970, UTC).
    Of length journeys: `converted` (bool), `value` (float64, major units, 0 without an order) and `ordered_at`
    (int64, microseconds; the end of the window without an order). Of length journeys + 1: `starts` (int64).
    """

    @property
    def channel(self) -> "NDArray[np.signedinteger]":
        """Channel of each touch."""

    @property
    def at(self) -> "NDArray[np.int64]":
        """Instant of each touch."""

    @property
    def starts(self) -> "NDArray[np.int64]":
        """Where each journey begins, and the end."""

    @property
    def converted(self) -> "NDArray[np.bool_]":
        """Whether an order ended the journey."""

    @property
    def value(self) -> "NDArray[np.float64]":
        """The order's value."""

    @property
    def ordered_at(self) -> "NDArray[np.int64]":
        """The order's instant."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of touches, said briefly: the engine adds them up without a number for every touch.

    each: float64 of length journeys, what every touch of a journey gets, or none; peaks: pairs of touch indices (int64,
    one a journey) and what these touches get besides (float64 of length journeys, or one number for all).
    """

    each: "NDArray[np.float64] | None" = None
    peaks: "tuple[tuple[NDArray[np.int64], NDArray[np.float64] | float], ...]" = ()


@runtime_checkable
class AttributionModel(Protocol):
    """A named rule that shares each order among the touches before it."""

    @property
    def name(self) -> str:
        """Lower case, unique among all models; shown and used in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run, so that a receipt says which rule made it."""

    def credits(self, journeys: Journeys) -> "NDArray[np.float64] | Shares":
        """One share for each touch, float64 of length touches, or `Shares`. Called for each bucket, or a few together,
        with the journeys that led to orders; several may be asked for at the same time, from different threads.

        The shares of a journey are at least 0 and sum to 1 (to 1e-9). Same arrays, same shares.
        """


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What a run was asked for that a model may look at. half_life_us: microseconds; direct: number of the direct
    channel, -1 when there is none. A model of either kind that has a method `for_run(settings)` is asked, before each
    run, for the model to use in it; one without is used as it is."""

    half_life_us: int
    direct: int


class Paths(Protocol):
    """All journeys of a bucket by their channels, also those that led to no order; none is empty.

    Of length touches: `channel` (whole numbers below the number of channels); the touches of journey `j` are
    `starts[j]:starts[j + 1]`, in order of time. Of length journeys: `conversions` and `nulls` (int64, how often it
    ended in an order, and in none) and `value` (float64, summed over its orders, major units). Of length journeys + 1:
    `starts` (int64).
    """

    @property
    def starts(self) -> "NDArray[np.int64]":
        """Where each journey begins, and the end."""

    @property
    def channel(self) -> "NDArray[np.signedinteger]":
        """Channel of each touch."""

    @property
    def conversions(self) -> "NDArray[np.int64]":
        """How often it ended in an order."""

    @property
    def nulls(self) -> "NDArray[np.int64]":
        """How often it ended in none."""

    @property
    def value(self) -> "NDArray[np.float64]":
        """Summed over its orders."""


@dataclass(frozen=True, slots=True)
class KeySums:
    """Sums by a whole number of the model's own choosing. key: int64[k], ascending, each once, below 2^56; counts:
    int64[c, k]; amounts: float64[a, k]. A key whose counts are all 0 is dropped, so count what you want to keep."""

    key: "NDArray[np.int64]"
    counts: "NDArray[np.int64]"
    amounts: "NDArray[np.float64]"


@dataclass(frozen=True, slots=True)
class ChannelShares:
    """What a `ChannelModel` found. conversions, value: float64[channels], at least 0, each summing to 1, or all 0 when
    nothing converted; details: more columns of a report by name, float64[channels], such as `removal_effect` or `raw`.
    """

    conversions: "NDArray[np.float64]"
    value: "NDArray[np.float64]"
    details: "Mapping[str, NDArray[np.float64]]" = field(default_factory=dict)


@runtime_checkable
class ChannelModel(Protocol):
    """A model of whole channels: counts that add up over buckets, then one solve."""

    @property
    def name(self) -> str:
        """Lower case, unique among all models; shown and used in `--model`."""

    @property
    def version(self) -> str:
        """Kept on every run."""

    def count(self, paths: Paths, *, channels: int) -> "Mapping[str, KeySums]":
        """Named sums of one bucket's journeys: the same names and rows for every bucket, and the sums of two buckets
        are those of both together. Called once a bucket, from different threads; for intervals also for parts of it.
        """

    def solve(self, sums: "Mapping[str, KeySums]", *, channels: int) -> ChannelShares:
        """The shares of all channels, from the sums of all buckets added up. Called once a run, and once without each
        of 64 groups of contacts where intervals are made."""
