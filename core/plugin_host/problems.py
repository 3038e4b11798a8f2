"""Why a plugin was not loaded, in one line that names it."""

from dataclasses import dataclass


class PluginRefused(Exception):
    """The plugin breaks the contract; the message says how and what to change."""


@dataclass(frozen=True)
class Problem:
    """A plugin that the platform started without."""

    plugin: str
    reason: str
