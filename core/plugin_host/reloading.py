"""Plugins being written: seen to change by the times of their files, and imported anew."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from core.plugin_host.discovery import places_of

Stamp = tuple[tuple[str, int], ...]
"""Each file of the plugins being written, and when it was changed; empty where none are."""
WATCHED = frozenset({".py", ".json", ".toml", ".typ", ".md"})


def stamp_of(paths: Sequence[Path]) -> Stamp:
    """The state of these folders. Costs nothing where there are none, which is everywhere but at a developer's."""
    if not paths:
        return ()
    files = (file for place in places_of(paths) for file in place.folder.rglob("*") if file.suffix in WATCHED)
    return tuple(sorted((str(file), file.stat().st_mtime_ns) for file in files))


def forget_written(paths: Sequence[Path]) -> None:
    """Drop the modules of these plugins, so that the next import reads them from disk."""
    for place in places_of(paths):
        package = place.found.package
        for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
            del sys.modules[name]
    if paths:
        importlib.invalidate_caches()
