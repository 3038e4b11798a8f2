"""The models there are: the built-in ones, registered like a plugin's, found by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.attribution.built_in import Rule, siyu_register_models
from core.attribution.journeys import DAY_US
from core.attribution.model_kinds import AnyModel, TouchModel
from core.errors import Conflict, Invalid
from core.sdk.attribution import RunSettings

HEURISTICS = ("first", "last", "last_non_direct", "linear", "time_decay", "position", "w_shaped")
DEFAULT_MODELS = (*HEURISTICS, "markov")


def built_in_models(*, half_life_us: int = 7 * DAY_US, direct: int = -1) -> list[AnyModel]:
    """What built_in.py registers, for one run. half_life_us: of time decay; direct: index of the direct channel, -1
    when there is none."""
    settings = RunSettings(half_life_us, direct)
    return [model_for_run(model, settings) for model in siyu_register_models()]


def model_for_run(model: Any, settings: RunSettings) -> Any:
    """The model to use in a run of these settings."""
    return model.for_run(settings) if hasattr(model, "for_run") else model


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
