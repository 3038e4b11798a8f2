"""The fixtures that a built-in plugin brings, for tests that need settings of the real shape."""

from pathlib import Path

from pydantic import JsonValue

from core.plugin_kit.samples import Samples, read_samples

PLUGINS = Path(__file__).resolve().parents[2] / "plugins"


def samples_of(key: str) -> Samples:
    """Everything in the plugin's `fixtures/`."""
    return read_samples(PLUGINS / key)


def form_of(key: str, **changes: JsonValue) -> dict[str, JsonValue]:
    """The plugin's sample settings, a copy."""
    return dict(samples_of(key).settings) | changes
