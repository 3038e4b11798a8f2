"""`siyu plugins list|check`: which plugins are here, and what is wrong with the others."""

import sys

import click

from core.plugin_host.host import host


@click.group("plugins")
def plugins() -> None:
    """Channel plugins: which are loaded, which are refused and why."""


@plugins.command("list")
def list_plugins() -> None:
    """One line a plugin: key, version, what it can do, its name."""
    for key, manifest in sorted(host().manifests.items()):
        abilities = ",".join(manifest.capabilities) or "-"
        click.echo(f"{key:<16} {manifest.version:<8} {abilities:<44} {manifest.name.zh} / {manifest.name.en}")
    for problem in host().problems:
        click.echo(f"{problem.plugin:<16} refused: it {problem.reason}", err=True)


@plugins.command("check")
@click.argument("names", nargs=-1)
def check_plugins(names: tuple[str, ...]) -> None:
    """Load all plugins (or those named) and say what is wrong; exit code 1 when something is."""
    found = host()
    loaded = set(found.manifests)
    refused = {problem.plugin: problem.reason for problem in found.problems}
    wanted = set(names) or loaded | set(refused)
    for name in sorted(wanted):
        if name in refused:
            click.echo(f"{name}: refused: it {refused[name]}")
        else:
            click.echo(f"{name}: " + ("ok" if name in loaded else "there is no such plugin"))
    if not wanted <= loaded or wanted & set(refused):
        sys.exit(1)
