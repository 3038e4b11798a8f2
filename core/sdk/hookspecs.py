"""The hooks: what core asks every plugin. Two that register, channels are then called directly; one that tells."""

from collections.abc import Sequence

import pluggy

from core.sdk.attribution import AttributionModel, ChannelModel
from core.sdk.channel import Channel
from core.sdk.facts import Fact
from core.sdk.settings import ChannelSettings

NAMESPACE = "siyu"

hookspec = pluggy.HookspecMarker(NAMESPACE)
hookimpl = pluggy.HookimplMarker(NAMESPACE)
"""Marks a plugin's implementation of a hook; a `siyu_*` function without it is an error at load."""


@hookspec
def siyu_register_channels() -> list[Channel[ChannelSettings]]:  # type: ignore[empty-body]  # a specification
    """Return the plugin's channels: one, with the manifest's key. Called once, when the host starts; must be quick."""


@hookspec
def siyu_register_models() -> list[AttributionModel | ChannelModel]:  # type: ignore[empty-body]  # a specification
    """Return the plugin's attribution models. Called once, when the host starts; a name taken already, also by one of
    Siyu's own models, is refused."""


@hookspec
def siyu_facts_recorded(facts: Sequence[Fact]) -> None:
    """Hear what was recorded for one brand. Called in a worker after the commit, in batches, at least once.

    `facts` are of one brand and at most a few thousand. There are 30 seconds; whatever is raised is logged by the
    plugin's name, the batch is not told it again, and the others go on.
    """
