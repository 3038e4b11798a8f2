"""`siyu plugins`: which are here, make one, hold one against the contract, replay what was recorded."""

import sys
from pathlib import Path

import click

from core.plugin_host.host import host
from core.plugin_host.problems import PluginRefused
from core.plugin_kit.locating import locate
from core.plugin_kit.making import make_plugin
from core.plugin_kit.replaying import Replayed, replay
from core.plugin_kit.running import check_plugin
from core.plugin_kit.samples import BadFixture
from core.plugin_kit.watching import changes


@click.group("plugins")
def plugins() -> None:
    """Channel plugins: which are loaded; make, check and try one of your own."""


@plugins.command("list")
def list_plugins() -> None:
    """One line a plugin: key, version, what it can do, its name."""
    for key, manifest in sorted(host().manifests.items()):
        abilities = ",".join(manifest.capabilities) or "-"
        click.echo(f"{key:<16} {manifest.version:<8} {abilities:<44} {manifest.name.zh} / {manifest.name.en}")
    for problem in host().problems:
        click.echo(f"{problem.plugin:<16} refused: it {problem.reason}", err=True)


@plugins.command("new")
@click.argument("name")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder; here.")
@click.option("--title-zh", default="", help="What operators read, in Chinese.")
@click.option("--title-en", default="", help="What operators read, in English.")
def new_plugin(name: str, into: Path, title_zh: str, title_en: str) -> None:
    """Make the project of a new plugin: it works, and its tests pass."""
    folder = make_plugin(name, into=into, title_zh=title_zh, title_en=title_en)
    click.echo(f"{folder} is made. Now: siyu plugins dev {folder}, and docs/writing-a-channel.md beside it.")


@plugins.command("check")
@click.argument("targets", nargs=-1)
@click.option("--zh", "chinese", is_flag=True, help="Report in Chinese.")
def check_plugins(targets: tuple[str, ...], chinese: bool) -> None:
    """Hold plugins against the contract, rule by rule: folders, keys, or all; exit code 1 when a rule is broken."""
    refused = {problem.plugin for problem in host().problems}
    is_good = True
    for target in targets or sorted(set(host().manifests) | refused):
        report = check_plugin(target)
        click.echo(report.text(chinese=chinese))
        is_good = is_good and report.is_good
    if not is_good:
        sys.exit(1)


@plugins.command("dev")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--zh", "chinese", is_flag=True, help="Report in Chinese.")
def develop(folder: Path, chinese: bool) -> None:
    """Check a plugin whenever one of its files changes, until Ctrl-C."""
    for _ in changes(folder):
        click.clear()
        click.echo(check_plugin(folder).text(chinese=chinese))


@plugins.command("replay")
@click.argument("target")
def replay_requests(target: str) -> None:
    """Play the recorded requests in fixtures/ to a plugin; show its answers and the events it finds."""
    try:
        locate(target)
        for one in replay(target):
            _show(one)
    except (PluginRefused, BadFixture) as refusal:
        raise click.ClickException(f"{target}: it {refusal}") from None


def _show(one: Replayed) -> None:
    verdict = "not asked" if one.answer is None else "accepted" if one.answer.accepted else "refused"
    click.echo(f"{one.name}: {verdict}" + (f", {one.failure}" if one.failure else ""))
    if one.answer is not None and one.answer.reply is not None:
        click.echo(f"  reply {one.answer.reply}")
    for event in one.events:
        click.echo(f"  {event.model_dump_json(exclude_none=True, exclude_defaults=True)}")
