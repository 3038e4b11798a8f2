"""A plugin by what a developer calls it: its folder, or the key of an installed one."""

from importlib.util import find_spec
from pathlib import Path

from core.plugin_host.discovery import Found, Place, find_in_folder, find_plugins
from core.plugin_host.problems import PluginRefused


def locate(target: str) -> Place:
    """Raises `PluginRefused` when there is none."""
    if Path(target).is_dir():
        return find_in_folder(Path(target))
    for found in find_plugins():
        if target in (found.name, found.package):
            folder = _folder_of(found)
            return Place(found, folder, folder.parents[found.package.count(".")])
    raise PluginRefused(f"there is no folder and no installed plugin named {target}")


def _folder_of(found: Found) -> Path:
    spec = find_spec(found.package)
    if spec is None or not spec.submodule_search_locations:
        raise PluginRefused(f"{found.package} is no package")
    return Path(next(iter(spec.submodule_search_locations)))
