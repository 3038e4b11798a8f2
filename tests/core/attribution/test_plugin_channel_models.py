"""Channel models of plugins: counted, solved, split over days, given intervals like the built-in ones, and watched."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.attribution.built_in import siyu_register_models
from core.attribution.catalog import built_in_models, register_models
from core.attribution.counting import count_journeys
from core.attribution.engine import attribute
from core.attribution.jackknife import standard_errors
from core.attribution.known_models import watched
from core.attribution.plugin_channel_models import PluginChannelModel
from core.attribution.plugin_models import BrokenModel
from core.attribution.upstream import UPSTREAM
from core.plugin_host import Host
from core.plugin_host.loading import registered_alone
from core.sdk import AttributionModel, ChannelModel, ChannelShares, KeySums, RunSettings
from core.sdk.attribution import OWN_MODELS
from tests.core.attribution.test_jackknife import CHANNELS, grouped_part, made_events
from tests.factories.plugins import write_plugin


@dataclass
class Reach:
    """Credit by how many converted journeys a channel was met in: a plugin's own."""

    name: str = "reach"
    version: str = "1"
    asked: list[int] = field(default_factory=list)

    def count(self, paths: Any, *, channels: int) -> Mapping[str, KeySums]:
        owner = np.repeat(np.arange(len(paths.conversions)), np.diff(paths.starts))
        pair = np.unique(owner * channels + paths.channel)
        channel, journey = pair % channels, pair // channels
        met = np.bincount(channel, minlength=channels)
        won = np.bincount(channel, paths.conversions[journey], channels).astype(np.int64)
        worth = np.bincount(channel, paths.value[journey], channels).astype(np.float64)
        return {"reach": KeySums(np.arange(channels), np.stack([met, won]), worth[None])}

    def solve(self, sums: Mapping[str, KeySums], *, channels: int) -> ChannelShares:
        self.asked.append(channels)
        won, worth = np.zeros(channels), np.zeros(channels)
        won[sums["reach"].key], worth[sums["reach"].key] = sums["reach"].counts[1], sums["reach"].amounts[0]
        return ChannelShares(won / won.sum(), worth / worth.sum(), {"raw": won})


@dataclass
class Told(Reach):
    """Answers as it is told to."""

    shares: Any = None
    sums: Any = None

    def count(self, paths: Any, *, channels: int) -> Any:
        return super().count(paths, channels=channels) if self.sums is None else self.sums

    def solve(self, sums: Any, *, channels: int) -> Any:
        return super().solve(sums, channels=channels) if self.shares is None else self.shares


PART = grouped_part(*made_events(400, seed=3))


def test_plugin_channel_model_is_credited() -> None:
    models = register_models([*built_in_models(), PluginChannelModel(Reach())])
    half = PART.paths.select(np.arange(len(PART.paths)) % 2 == 0)
    assert len(half) == (len(PART.paths) + 1) // 2
    found = attribute([lambda: PART], models=models, channels=CHANNELS, width=1)
    expected = Reach().solve(Reach().count(PART.paths, channels=CHANNELS), channels=CHANNELS)
    np.testing.assert_allclose(found.cells["reach"].conversions, expected.conversions * found.conversions, rtol=1e-12)
    assert found.cells["reach"].value.sum() == pytest.approx(found.cells["linear"].value.sum())
    np.testing.assert_array_equal(found.effects["reach"].details["raw"], expected.details["raw"])


def test_plugin_channel_model_has_intervals() -> None:
    model = Reach()
    models = register_models([PluginChannelModel(model), *built_in_models()])
    tally = count_journeys(PART, models=models, channels=CHANNELS)
    errors = standard_errors(tally, models=models, channels=CHANNELS)
    assert (errors["reach"].conversions > 0).all()
    # How wide it is of a model so near to it.
    np.testing.assert_allclose(errors["reach"].conversions, errors["linear"].conversions, rtol=0.5)
    plain = count_journeys(replace(PART, groups=None), models=models, channels=CHANNELS)
    name = "plugin/reach/reach"
    whole = tally.sums[f"by_group/{name}"]
    assert whole.counts.sum() == plain.sums[name].counts.sum()


@pytest.mark.parametrize(
    "told",
    [
        {"shares": ValueError("no")},
        {"shares": ChannelShares(np.ones(CHANNELS), np.zeros(CHANNELS))},
        {"shares": ChannelShares(np.array([2.0, -1.0, 0.0, 0.0]), np.zeros(CHANNELS))},
        {"shares": ChannelShares(np.array([np.nan, 1.0, 0.0, 0.0]), np.zeros(CHANNELS))},
        {"shares": ChannelShares(np.ones(1), np.ones(1))},
        {"sums": []},
        {"sums": {"reach": 1}},
        {"sums": {"reach": KeySums(np.array([1, 0]), np.ones((1, 2), np.int64), np.ones((1, 2)))}},
        {"sums": {"reach": KeySums(np.array([0, 1]), np.ones((1, 3), np.int64), np.ones((1, 2)))}},
    ],
)
def test_broken_channel_models_are_named(told: dict[str, Any]) -> None:
    models = {"reach": PluginChannelModel(Told(**told))}
    with pytest.raises(BrokenModel, match="reach"):
        attribute([lambda: PART], models=models, channels=CHANNELS, width=1)


def test_built_in_models_come_by_the_hook() -> None:
    import core.attribution.built_in as module

    (answer,) = registered_alone(module).hook.siyu_register_models()
    assert [model.name for model in answer] == [model.name for model in siyu_register_models()]
    assert {model.name for model in answer} | {UPSTREAM} == OWN_MODELS
    assert all(isinstance(model, AttributionModel | ChannelModel) for model in answer)
    assert {type(watched(model)).__name__ for model in answer} == {"PluginModel", "PluginChannelModel"}


def test_markov_as_a_plugin_gives_the_same() -> None:
    own = {model.name: model for model in siyu_register_models()}
    models = {"markov": own["markov"], "shapley": own["shapley"]}
    found = attribute([lambda: PART], models=models, channels=CHANNELS, width=1)
    again = attribute(
        [lambda: PART], models={name: _as_plugin(model) for name, model in models.items()}, channels=CHANNELS, width=1
    )
    for name in models:
        np.testing.assert_allclose(again.cells[name].value, found.cells[name].value, rtol=1e-12)


def _as_plugin(model: Any) -> PluginChannelModel:
    @dataclass
    class Wrapped(Reach):
        def count(self, paths: Any, *, channels: int) -> Any:
            sums = model.count(paths, channels=channels)
            return {name: KeySums(one.key, one.counts, one.amounts) for name, one in sums.items()}

        def solve(self, sums: Any, *, channels: int) -> ChannelShares:
            from core.attribution.sums import Sums

            found = model.solve({n: Sums(s.key, s.counts, s.amounts) for n, s in sums.items()}, channels=channels)
            return ChannelShares(found.conversions, found.value, found.details)

    return PluginChannelModel(Wrapped(name=model.name))


def test_rule_is_asked_for_its_run() -> None:
    rule = next(model for model in siyu_register_models() if model.name == "last_non_direct")
    made = rule.for_run(RunSettings(half_life_us=1, direct=2))  # type: ignore[union-attr]  # it has one
    credits = made.credits(PART.journeys)
    (chosen, _) = credits.peaks[0]
    assert not (PART.journeys.channel[chosen] == 2).all()
    assert (PART.journeys.channel[rule.credits(PART.journeys).peaks[0][0]] == 2).any()  # type: ignore[union-attr]  # Shares


def test_channel_models_load_from_a_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        from core.sdk import hookimpl

        class Reach:
            name, version = "reach", "1"

            def count(self, paths, *, channels):
                return {}

            def solve(self, sums, *, channels):
                return None

        @hookimpl
        def siyu_register_models():
            return [Reach()]
    """
    host = Host.load([write_plugin(tmp_path, monkeypatch, key="reach", source=source)])
    assert not host.problems
    assert isinstance(watched(host.models["reach"]), PluginChannelModel)
