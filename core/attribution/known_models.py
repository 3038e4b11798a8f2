"""All models of this process: the built-in ones and those of plugins, by one door."""

from core.attribution.catalog import built_in_models, model_for_run, register_models
from core.attribution.journeys import DAY_US
from core.attribution.model_kinds import AnyModel
from core.attribution.plugin_channel_models import PluginChannelModel
from core.attribution.plugin_models import PluginModel
from core.plugin_host.host import host
from core.sdk.attribution import AttributionModel, ChannelModel, RunSettings


def all_models(*, half_life_us: int = 7 * DAY_US, direct: int = -1) -> dict[str, AnyModel]:
    """By name, for a run of these settings."""
    settings = RunSettings(half_life_us, direct)
    plugins = [watched(model_for_run(model, settings)) for model in host().models.values()]
    return dict(register_models([*built_in_models(half_life_us=half_life_us, direct=direct), *plugins]))


def watched(model: AttributionModel | ChannelModel) -> AnyModel:
    """A plugin's model, by its kind, checked whenever it is asked."""
    return PluginModel(model) if isinstance(model, AttributionModel) else PluginChannelModel(model)
