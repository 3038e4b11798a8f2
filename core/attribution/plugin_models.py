"""Models of plugins: the same door, but what they raise, hang in or answer wrongly costs only themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.attribution.journeys import Floats, Journeys
from core.attribution.sharing import per_touch
from core.errors import SiyuError
from core.plugin_host.guard import Escaped, Overrun, run_guarded
from core.sdk.attribution import AttributionModel, Shares

T = TypeVar("T")
MODEL_SECONDS = 300.0
TOLERANCE = 1e-9


class BrokenModel(SiyuError):
    """A plugin's model did not give what it must."""

    code = "broken_model"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The model {name} of a plugin {reason}; the run goes on without it.")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class PluginModel:
    """A plugin's model, watched."""

    model: AttributionModel

    @property
    def name(self) -> str:
        """As the plugin says."""
        return self.model.name

    @property
    def version(self) -> str:
        """As the plugin says."""
        return self.model.version

    def credits(self, journeys: Journeys) -> Floats:
        """The plugin's shares, checked.

        Raises:
            BrokenModel: it raised, hung, or its shares are not one a touch, at least 0, summing to 1.
        """
        given = ask_model(self.name, lambda: self.model.credits(journeys))
        shares = self._checked(given, journeys)
        sums = journeys.sums(shares)
        if not (np.isfinite(shares).all() and (shares >= 0).all() and (np.abs(sums - 1) <= TOLERANCE).all()):
            raise BrokenModel(self.name, "gave shares that do not sum to 1")
        return shares

    def _checked(self, given: Floats | Shares, journeys: Journeys) -> Floats:
        """float64[m], whichever way they were given."""
        if isinstance(given, Shares):
            try:
                if given.each is not None and len(given.each) != len(journeys):
                    raise ValueError("one share a journey")
                given = per_touch(journeys, given)
            except (IndexError, TypeError, ValueError) as error:
                raise BrokenModel(self.name, "gave shares that do not fit the journeys") from error
        if not isinstance(given, np.ndarray) or given.shape != journeys.channel.shape or given.dtype.kind != "f":
            raise BrokenModel(self.name, "did not give one float a touch")
        return given.astype(np.float64)


def ask_model(name: str, question: Callable[[], T]) -> T:
    """What a plugin's model answers.

    Raises:
        BrokenModel: it raised or hung.
    """
    try:
        return run_guarded(question, seconds=MODEL_SECONDS, name=name)
    except Overrun as error:
        raise BrokenModel(name, f"did not come back in {MODEL_SECONDS:.0f} seconds") from error
    except Escaped as error:
        raise BrokenModel(name, f"raised {type(error.cause).__name__}") from error
