"""`siyu simulate`: the vendors on loopback."""

import signal
import threading
from pathlib import Path

import click

from core import settings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1; SIYU_SIMULATOR_PORT by default.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="File that keeps hooks and modes.")
def simulate(port: int | None, state: Path | None) -> None:
    """Serve the vendors' APIs on this machine, to try everything without an account."""
    from core.loading import loading

    with loading():
        from core.simulator.server import serving
        from core.simulator.stage import Simulator

    simulator, port = Simulator(), port or settings.current().simulator_port
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving(simulator, port=port, state=state):
        click.echo(f"The simulator  模拟器   http://127.0.0.1:{port}/")
        click.echo(f"Set SIYU_SIMULATOR=http://127.0.0.1:{port} where Siyu runs. The accounts to copy into settings:")
        for vendor in simulator.vendors.values():
            click.echo(f"  {vendor.name.zh} {vendor.name.en}")
            for name, value in vendor.account.items():
                click.echo(f"    {name:20} {value}")
        stop.wait()
