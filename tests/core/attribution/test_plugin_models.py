"""Models of plugins: the same door as the built-in ones, and what a broken one costs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from core.attribution.catalog import built_in_models, register_models
from core.attribution.engine import attribute
from core.attribution.journeys import Journeys
from core.attribution.plugin_models import BrokenModel, PluginModel
from core.sdk import Shares
from core.sdk.attribution import AttributionModel
from tests.core.attribution.made_journeys import made_part

PART = made_part([("a", "b", "b"), ("c",), ("b", "a")], [(2, 1, 9.0), (1, 0, 4.0), (0, 3, 0.0)])


@dataclass
class Even:
    """A plugin's rule, answering what it is told to."""

    answer: Any
    name: str = "even"
    version: str = "1"

    def credits(self, journeys: Any) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def credits_of(answer: Any) -> dict[str, list[float]]:
    models = register_models([*built_in_models(), PluginModel(Even(answer))])
    found = attribute([lambda: PART], models=models, channels=3, width=1)
    return {name: [*cells.conversions, *cells.value] for name, cells in found.cells.items()}


@pytest.mark.parametrize("answer", [np.array([1 / 3, 1 / 3, 1 / 3, 1.0]), Shares(each=np.array([1 / 3, 1.0]))])
def test_plugin_enters_by_the_same_door(answer: Any) -> None:
    found = credits_of(answer)
    assert found["even"] == pytest.approx(found["linear"])


def test_peaks_are_added_to_their_touches() -> None:
    found = credits_of(Shares(peaks=((np.array([0, 3]), 0.25), (np.array([2, 3]), np.array([0.75, 0.75])))))
    assert found["even"][:3] == pytest.approx([0.5, 1.5, 1.0])


@pytest.mark.parametrize(
    "answer",
    [
        ValueError("no"),
        [0.5, 0.5, 0.0, 1.0],
        np.ones(3),
        np.ones(4),
        np.array([1, 0, 0, 1]),
        np.array([2.0, -1.0, 0.0, 1.0]),
        np.array([np.nan, 1.0, 0.0, 1.0]),
        Shares(each=np.ones(2)),
        Shares(each=np.array([1 / 3, 1.0, 1.0])),
        Shares(peaks=((np.array([0, 99]), 1.0),)),
    ],
)
def test_broken_answers_are_named(answer: Any) -> None:
    with pytest.raises(BrokenModel, match="even"):
        credits_of(answer)


def test_built_in_rules_are_plugin_models() -> None:
    journeys: Journeys = PART.journeys
    for model in built_in_models():
        if hasattr(model, "credits"):
            assert isinstance(model, AttributionModel)
            checked = PluginModel(model).credits(journeys)
            assert checked.shape == journeys.channel.shape
