"""The commands that run Siyu: `up` for all of it on one machine, `init`, `serve` and `work` for its parts."""

import importlib

import click

from core import settings
from core.errors import Unavailable
from core.loading import loading
from core.ops.redis import redis_url

# Named as strings: core imports no worker, and a role is loaded only where it is played.
ROLES = {
    "quick": "workers.entry:work",
    "slow": "workers.entry:work",
    "dispatcher": "workers.dispatch:run_dispatcher",
    "shipper": "core.ingest.shipper:main",
}


@click.command()
@click.option("--demo/--no-demo", default=True, help="Load the demo when the database is new.")
def up(*, demo: bool) -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    from core.ops.up import run_everything

    run_everything(with_demo=demo, say=lambda line: click.echo(line))


@click.command()
@click.option("--demo/--no-demo", default=False, help="Load the demo when the database is new.")
def init(*, demo: bool) -> None:
    """Make the secret key and bring the database up to date."""
    from core.ops.init import initialise

    if initialise():
        path = settings.current().home.resolve() / "secret.key"
        click.echo(f"A new secret key is in {path}: keep a copy in a safe place.")
    if demo:
        from core.ops.init import load_demo

        load_demo(say=click.echo)


@click.command()
def serve() -> None:
    """Serve the API."""
    current = settings.current()
    current.key()
    from core.ops.api_server import run_server

    run_server(current)


@click.command()
@click.argument("role", type=click.Choice(list(ROLES)))
def work(role: str) -> None:
    """Run one worker of a queue (quick or slow), the dispatcher of jobs, or the shipper of clicks."""
    current = settings.current()
    current.key()
    module, _, name = ROLES[role].partition(":")
    with loading():
        main = getattr(importlib.import_module(module), name)
    if role == "shipper":
        main()
    elif role == "dispatcher":
        main(redis_url(current))
    else:
        main(role, redis_url(current))


@click.command()
def doctor() -> None:
    """Check this installation and say what to do about what is wrong."""
    from core.ops.doctor import examine

    findings = examine()
    for finding in findings:
        mark = click.style("ok      ", fg="green") if finding.advice is None else click.style("problem ", fg="red")
        click.echo(f"{mark}{finding.subject}: {finding.state}")
        if finding.advice:
            click.echo(f"        -> {finding.advice}")
    problems = sum(finding.advice is not None for finding in findings)
    if problems:
        raise Unavailable(f"{problems} of {len(findings)} checks found something to do.")
