"""The simulator inside a test: on a free port, with callbacks that wait until the test lets time pass."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from core import settings
from core.simulator.posting import post_into
from core.simulator.server import serving
from core.simulator.stage import Simulator
from core.simulator.wire import Ack, Posting


@contextmanager
def reachable(simulator: Simulator) -> Iterator[str]:
    """Plugins reach the simulator inside the block; gives its address."""
    with serving(simulator, threads=0) as server, pytest.MonkeyPatch.context() as patch:
        address = f"http://127.0.0.1:{server.port}"
        patch.setenv("SIYU_SIMULATOR", address)
        settings.current.cache_clear()
        yield address
    settings.current.cache_clear()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """All vendors, reachable. Set `simulator.queue.post` to a `Postbox`, then `queue.advance(seconds)`."""
    made = Simulator()
    with reachable(made):
        yield made


class Postbox:
    """Takes callbacks into an application, and remembers them."""

    def __init__(self, app: Flask | None = None, *, status: int = 200, body: bytes = b"") -> None:
        self.postings: list[Posting] = []
        self.acks: list[Ack] = []
        self._post = post_into(app) if app else lambda posting, within: Ack(status, body)

    def __call__(self, posting: Posting, within: float) -> Ack:
        self.postings.append(posting)
        self.acks.append(self._post(posting, within))
        return self.acks[-1]
