"""Find plugins: the folders of the `plugins` package and the entry points `siyu.channels`."""

import importlib
import pkgutil
from dataclasses import dataclass
from importlib import metadata

PACKAGE = "plugins"
ENTRY_POINTS = "siyu.channels"


@dataclass(frozen=True)
class Found:
    """A plugin not loaded yet: its name for messages, its package (with manifest.json) and its module with hooks."""

    name: str
    package: str
    module: str


def find_plugins() -> list[Found]:
    """All plugins in order of name, folders first. Imports nothing of theirs."""
    return [*find_folders(PACKAGE), *_find_entry_points()]


def find_folders(package: str) -> list[Found]:
    """The folders of `package` as plugins; each has manifest.json and plugin.py."""
    names = sorted(item.name for item in pkgutil.iter_modules(importlib.import_module(package).__path__) if item.ispkg)
    return [Found(name=name, package=f"{package}.{name}", module=f"{package}.{name}.plugin") for name in names]


def _find_entry_points() -> list[Found]:
    points = sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value))
    return [Found(name=p.name, package=p.module.rpartition(".")[0] or p.module, module=p.module) for p in points]
