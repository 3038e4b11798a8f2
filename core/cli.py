"""`siyu`: commands live in their slices and are imported only when called."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from core.errors import SiyuError

if TYPE_CHECKING:
    from sqlalchemy.exc import OperationalError

COMMANDS: dict[str, str] = {
    "up": "core.ops.commands:up",
    "init": "core.ops.commands:init",
    "serve": "core.ops.commands:serve",
    "work": "core.ops.commands:work",
    "demo": "core.demo.commands:demo",
    "simulate": "core.simulator.commands:simulate",
    "doctor": "core.ops.commands:doctor",
    "attribute": "core.attribution.commands:attribute",
    "runs": "core.attribution.run_commands:runs",
    "agencies": "core.access.commands:agencies",
    "tenants": "core.access.commands:tenants",
    "lake": "core.lake.commands:lake",
    "erase": "core.erasure.commands:erase",
    "audit": "core.audit.commands:audit",
    "import": "core.ingest.commands:import_command",
    "cards": "core.cards.commands:cards",
    "plugins": "core.plugin_kit.commands:plugins",
}


class LazyGroup(click.Group):
    """A group that knows its commands as dotted strings."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the list."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the slice of one command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="siyu")
def siyu() -> None:
    """Siyu 私域: many brands, channel plugins, attribution that explains itself."""


def main() -> None:
    """The console script: our errors, and the database's, are one clear line and exit code 1."""
    try:
        siyu(prog_name="siyu")
    except SiyuError as error:
        click.echo(f"siyu: {error.message}", err=True)
        sys.exit(1)
    except BrokenPipeError:  # `siyu ... | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except _database_errors() as error:
        reason = str(error.orig).strip().splitlines()[0]
        click.echo(f"siyu: The database does not answer: {reason}. `siyu doctor` says what to do.", err=True)
        sys.exit(1)


def _database_errors() -> "tuple[type[OperationalError], ...]":
    """Asked when something was raised: what has met a database has loaded SQLAlchemy; the rest need not."""
    loaded = sys.modules.get("sqlalchemy.exc")
    return (loaded.OperationalError,) if loaded else ()


if __name__ == "__main__":
    main()
