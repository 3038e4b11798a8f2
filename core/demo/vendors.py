"""The simulated vendors of the demo: in this process while its past is made, and left as they stand for `siyu up`."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from core import settings
from core.simulator.posting import post_into
from core.simulator.server import serving
from core.simulator.stage import Simulator
from core.simulator.state import STATE


@contextmanager
def vendors_at_hand(app: Flask) -> Iterator[Simulator]:
    """Plugins reach the simulator inside the block; its callbacks go straight into the application.

    They come when `simulator.queue.deliver_due()` is called, so that they come at the demo's time. What the vendors
    remember is written once, at the end: nobody takes up a demo that was cut off.
    """
    simulator, config = Simulator(post=post_into(app)), settings.current()
    before, state = config.simulator, config.home / STATE
    simulator.load(state)
    with serving(simulator, threads=0) as server:
        config.simulator = f"http://127.0.0.1:{server.port}"  # of this process only
        try:
            yield simulator
        finally:
            config.simulator = before
            simulator.save(state)
