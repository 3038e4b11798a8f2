"""Plugins made on the spot: a good one by default, with one thing changed where a test wants it bad."""

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from core.plugin_host.discovery import Found

GOOD = """
    import sys
    from typing import Annotated
    import core.sdk as sdk
    from core.sdk import Channel, ChannelSettings, Label, hookimpl

    class Settings(ChannelSettings):
        greeting: Annotated[str, Label("问候", "Greeting")] = "hi"

    class Shop(Channel[Settings]):
        key = "{key}"
        settings_model = Settings
    {verbs}
    @hookimpl
    def siyu_register_channels():
        return [Shop()]
"""


def write_plugin(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    key: str = "shop",
    verbs: str = "",
    source: str | None = None,
    manifest: str | None = None,
    **changes: Any,  # whatever a test puts into the manifest
) -> Found:
    """A plugin package under `folder`, importable as `found_plugins.<key>`."""
    package = folder / "found_plugins" / key
    package.mkdir(parents=True)
    for init in (package.parent / "__init__.py", package / "__init__.py"):
        init.write_text("")
    declared = {
        "key": key,
        "name": {"zh": "店", "en": "Shop"},
        "summary": {"zh": "店", "en": "A shop"},
        "version": "0.1.0",
        "sdk": "1.0",
        "capabilities": [],
    } | changes
    (package / "manifest.json").write_text(manifest if manifest is not None else json.dumps(declared))
    text = (
        textwrap.dedent(GOOD).replace("{key}", key).replace("{verbs}", textwrap.indent(textwrap.dedent(verbs), "    "))
    )
    (package / "plugin.py").write_text(textwrap.dedent(source) if source is not None else text)
    monkeypatch.syspath_prepend(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == "found_plugins"]:
        monkeypatch.delitem(sys.modules, name)
    return Found(name=key, package=f"found_plugins.{key}", module=f"found_plugins.{key}.plugin")
