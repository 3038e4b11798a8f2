"""The built-in models, registered by the hook that plugins have."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.attribution import heuristics
from core.attribution.grams import MAX_ORDER
from core.attribution.journeys import DAY_US, Floats, Journeys
from core.attribution.markov import Markov
from core.attribution.model_kinds import AnyModel
from core.attribution.shapley import Shapley
from core.sdk import hookimpl
from core.sdk.attribution import RunSettings, Shares

NO_SETTINGS = RunSettings(half_life_us=7 * DAY_US, direct=-1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A touch model made of one function."""

    name: str
    credits: Callable[[Journeys], Floats | Shares]
    version: str = "1"


@dataclass(frozen=True, slots=True)
class SettledRule:
    """A touch model whose function looks at the settings of the run."""

    name: str
    rule: Callable[[Journeys, RunSettings], Floats | Shares]
    version: str = "1"

    def for_run(self, settings: RunSettings) -> Rule:
        """As the sdk's RunSettings says."""
        return Rule(self.name, partial(self._credits, settings), self.version)

    def credits(self, journeys: Journeys) -> Floats | Shares:
        """As a run of the usual settings."""
        return self.rule(journeys, NO_SETTINGS)

    def _credits(self, settings: RunSettings, journeys: Journeys) -> Floats | Shares:
        return self.rule(journeys, settings)


@hookimpl
def siyu_register_models() -> list[AnyModel]:
    """Seven heuristics, Markov of order 1 to 4 (the first is plain `markov`), Shapley."""
    return [
        Rule("first", heuristics.first),
        Rule("last", heuristics.last),
        SettledRule("last_non_direct", _last_non_direct),
        Rule("linear", heuristics.linear),
        SettledRule("time_decay", _time_decay),
        Rule("position", heuristics.position),
        Rule("w_shaped", heuristics.w_shaped),
        Markov(),
        *(Markov(f"markov_{order}", order) for order in range(2, MAX_ORDER + 1)),
        Shapley(),
    ]


def _last_non_direct(journeys: Journeys, settings: RunSettings) -> Shares:
    return heuristics.last_non_direct(journeys, direct=settings.direct)


def _time_decay(journeys: Journeys, settings: RunSettings) -> Floats:
    return heuristics.time_decay(journeys, half_life_us=settings.half_life_us)
