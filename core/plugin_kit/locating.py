"""A plugin somewhere on disk: its package, and the folder that Python must look into to import it."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.plugin_host.discovery import Found, find_plugins
from core.plugin_host.problems import PluginRefused

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Located:
    """`root` is put on Python's path before the plugin is imported; None when it can be imported already."""

    found: Found
    folder: Path
    root: Path | None


def locate(target: str) -> Located:
    """A plugin by its folder (its project, or its package), or by its key. Raises `PluginRefused`."""
    path = Path(target)
    if path.is_dir():
        return _in_folder(path.resolve())
    for found in find_plugins():
        if target in (found.name, found.package):
            return Located(found, _folder_of(found), None)
    raise PluginRefused(f"there is no folder and no installed plugin named {target}")


def _in_folder(path: Path) -> Located:
    places = [path, *sorted(path.glob("*/")), *sorted(path.glob("src/*/"))]
    packages = [place for place in places if (place / MANIFEST).is_file()]
    if len(packages) != 1:
        raise PluginRefused(f"{path} holds {len(packages)} packages with a {MANIFEST}; name the one that is meant")
    folder = packages[0]
    top = folder
    while (top.parent / "__init__.py").is_file():
        top = top.parent
    package = ".".join(folder.relative_to(top.parent).parts)
    return Located(Found(name=folder.name, package=package, module=f"{package}.plugin"), folder, top.parent)


def _folder_of(found: Found) -> Path:
    spec = find_spec(found.package)
    if spec is None or not spec.submodule_search_locations:
        raise PluginRefused(f"{found.package} is no package")
    return Path(next(iter(spec.submodule_search_locations)))
