"""What an attribution model of a plugin gets and gives: arrays, so that ten million journeys stay cheap."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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
        """One share for each touch, float64 of length touches, or `Shares`. Called once a bucket, with the journeys
        that led to orders; several buckets may be asked for at the same time, from different threads.

        The shares of a journey are at least 0 and sum to 1 (to 1e-9). Same arrays, same shares.
        """
