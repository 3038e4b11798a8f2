"""The models there are: the built-in ones, registered like a plugin's, found by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from core.attribution import heuristics
from core.attribution.grams import MAX_ORDER
from core.attribution.journeys import DAY_US, Floats, Journeys
from core.attribution.markov import Markov
from core.attribution.model_kinds import AnyModel, TouchModel
from core.attribution.shapley import Shapley
from core.errors import Conflict, Invalid
from core.sdk.attribution import Shares

HEURISTICS = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped")
DEFAULT_MODELS = (*HEURISTICS, "markov")


@dataclass(frozen=True, slots=True)
class Rule:
    """A touch model made of one function."""

    name: str
    credits: Callable[[Journeys], Floats | Shares]
    version: str = "1"


def built_in_models(*, half_life_us: int = 7 * DAY_US, direct: int = -1) -> list[AnyModel]:
    """Seven heuristics, Markov of order 1 to 4 (the first is plain `markov`), Shapley. half_life_us: of time decay;
    direct: index of the direct channel, -1 when there is none."""
    return [
        Rule("first", heuristics.first),
        Rule("last", heuristics.last),
        Rule("last_non_direct", partial(heuristics.last_non_direct, direct=direct)),
        Rule("linear", heuristics.linear),
        Rule("time_decay", partial(heuristics.time_decay, half_life_us=half_life_us)),
        Rule("position", heuristics.position),
        Rule("w_shaped", heuristics.w_shaped),
        Markov(),
        *(Markov(f"markov_{order}", order) for order in range(2, MAX_ORDER + 1)),
        Shapley(),
    ]


def register_models(models: Iterable[AnyModel]) -> Mapping[str, AnyModel]:
    """Models by name; a name taken twice is refused."""
    known: dict[str, AnyModel] = {}
    for model in models:
        if model.name in known:
            raise Conflict(f"two models are called {model.name}")
        known[model.name] = model
    return known


def choose_models(known: Mapping[str, AnyModel], *, names: Iterable[str]) -> dict[str, AnyModel]:
    """The models of `names`, in that order."""
    chosen = {}
    for name in names:
        if name not in known:
            raise Invalid(f"there is no model {name!r}; there are {', '.join(known)}")
        chosen[name] = known[name]
    return chosen


def rule_named(name: str, *, half_life_us: int, direct: int) -> TouchModel:
    """One of the built-in HEURISTICS."""
    found = [one for one in built_in_models(half_life_us=half_life_us, direct=direct) if isinstance(one, Rule)]
    return next(rule for rule in found if rule.name == name)
