"""Vendors that speak no HTTP: each listens on a port of its own on loopback, which `/tcp/<host>` tells."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from core.simulator.vendor import Vendor


@contextmanager
def listening(vendors: list[Vendor]) -> Iterator[dict[str, int]]:
    """Serve each vendor that talks, inside the block; gives the ports by host."""
    with ExitStack() as closing:
        yield {host: closing.enter_context(_serving(one)) for one in vendors if one.talks for host in one.hosts}


@contextmanager
def _serving(vendor: Vendor) -> Iterator[int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            connection: socket.socket = self.request
            try:
                vendor.talk(connection)
            except (OSError, ValueError):
                connection.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads, allow_reuse_address, block_on_close = True, True, False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(
            target=server.serve_forever, args=(0.05,), daemon=True, name=f"simulator-{vendor.key}"
        )
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(timeout=10)
