"""Find plugins: the folders of the `plugins` package, the entry points `siyu.channels`, and those being written."""

import importlib
import pkgutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from core import settings
from core.plugin_host.problems import PluginRefused

PACKAGE = "plugins"
ENTRY_POINTS = "siyu.channels"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Found:
    """A plugin not loaded yet: its name for messages, its package (with manifest.json) and its module with hooks."""

    name: str
    package: str
    module: str


def find_plugins() -> list[Found]:
    """All plugins that are not switched off, in order of name, folders first, then entry points, then those being
    written. Imports nothing of theirs. One that is written and installed is the one that is written."""
    config = settings.current()
    written = [place.on_path() for place in places_of(config.plugin_paths)]
    modules = {found.module for found in written}
    installed = [*find_folders(PACKAGE), *_find_entry_points()]
    found = [*(one for one in installed if one.module not in modules), *written]
    return [one for one in found if one.name not in config.plugins_off]


@dataclass(frozen=True)
class Place:
    """A plugin in a folder that Python does not look into by itself: `root` is what it would have to."""

    found: Found
    folder: Path
    root: Path

    def on_path(self) -> Found:
        """Let Python find it, before anything of the same name."""
        if str(self.root) not in sys.path:
            sys.path.insert(0, str(self.root))
        return self.found


def places_of(paths: Iterable[Path]) -> list[Place]:
    """The plugins in these folders; one that holds none is left out, for `siyu plugins check` to explain."""
    found = []
    for path in paths:
        try:
            found.append(find_in_folder(path))
        except PluginRefused:
            continue
    return found


def find_in_folder(path: Path) -> Place:
    """The one plugin of a project's folder, or of its package itself. Raises `PluginRefused`."""
    path = path.resolve()
    places = [path, *sorted(path.glob("*/")), *sorted(path.glob("src/*/"))]
    packages = [place for place in places if (place / MANIFEST).is_file()]
    if len(packages) != 1:
        raise PluginRefused(f"holds {len(packages)} packages with a {MANIFEST}; name the folder of one")
    top = packages[0]
    while (top.parent / "__init__.py").is_file():
        top = top.parent
    package = ".".join(packages[0].relative_to(top.parent).parts)
    name = packages[0].name.removeprefix("siyu_")
    return Place(Found(name=name, package=package, module=f"{package}.plugin"), packages[0], top.parent)


def find_folders(package: str) -> list[Found]:
    """The folders of `package` as plugins; each has manifest.json and plugin.py."""
    names = sorted(item.name for item in pkgutil.iter_modules(importlib.import_module(package).__path__) if item.ispkg)
    return [Found(name=name, package=f"{package}.{name}", module=f"{package}.{name}.plugin") for name in names]


def _find_entry_points() -> list[Found]:
    points = sorted(metadata.entry_points(group=ENTRY_POINTS), key=lambda point: (point.name, point.value))
    return [Found(name=p.name, package=p.module.rpartition(".")[0] or p.module, module=p.module) for p in points]
