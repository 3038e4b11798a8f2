"""The simulator over HTTP: `/to/<host>/...` for the vendors, `/_control/...` for tests, `/` for people."""

import ipaddress
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from werkzeug import Request, Response
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from core import clock
from core.simulator.control import control
from core.simulator.page import change_by_page, show_page
from core.simulator.stage import Simulator
from core.simulator.streams import listening
from core.simulator.wire import Asked

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LONGEST_BODY = 8 << 20


class SimulatorApp:
    """The WSGI application."""

    def __init__(self, simulator: Simulator, *, state: Path | None = None) -> None:
        self.simulator, self._state = simulator, state
        if state is not None:
            simulator.load(state)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        request.max_content_length = LONGEST_BODY
        response = self._answer(request, _target(environ))
        if self._state is not None and request.method != "GET":
            self.simulator.save(self._state)
        return response(environ, start_response)

    def _answer(self, request: Request, target: str) -> Response:
        if target.startswith("/to/"):
            return self._to_vendor(request, target.removeprefix("/to/"))
        if not _is_from_here(request):
            return Response("The simulator answers pages of its own only.", 403)
        if request.path.startswith("/_control/"):
            return control(self.simulator, request)
        if request.path.startswith("/tcp/"):
            port = self.simulator.ports.get(request.path.removeprefix("/tcp/"))
            return Response(str(port)) if port else Response("Nobody listens for this host.", 404)
        if request.path == "/healthz":
            return Response("ok")
        if request.path != "/":
            return Response("There is nothing here.", 404)
        return (
            show_page(self.simulator, request) if request.method == "GET" else change_by_page(self.simulator, request)
        )

    def _to_vendor(self, request: Request, target: str) -> Response:
        host, _, rest = target.partition("/")
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, host.partition("?")[0], f"/{rest}", headers, request.get_data(), clock.now())
        reply = self.simulator.take(asked)
        return Response(reply.body, reply.status, headers=dict(reply.headers))


@contextmanager
def serving(
    simulator: Simulator, *, port: int = 0, state: Path | None = None, threads: int = 4
) -> Iterator[BaseWSGIServer]:
    """Serve on loopback and deliver callbacks, inside the block; port 0 takes a free one.

    With `threads=0` callbacks wait for `simulator.queue.deliver_due()`.
    """
    server = make_server("127.0.0.1", port, SimulatorApp(simulator, state=state), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True, name="simulator")
    thread.start()
    simulator.queue.start(threads)
    try:
        with listening(list(simulator.vendors.values())) as simulator.ports:
            yield server
    finally:
        simulator.wake()
        server.shutdown()
        thread.join(timeout=10)
        simulator.queue.stop()
        server.server_close()
        if state is not None:
            simulator.save(state)


class _Quiet(WSGIRequestHandler):
    """Keeps connections, and writes no log: the page shows what was said."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


def _target(environ: "WSGIEnvironment") -> str:
    """Path and query as they were sent, for signatures are made over them."""
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if raw:
        return str(raw)
    query = environ.get("QUERY_STRING", "")
    return quote(str(environ.get("PATH_INFO", "")), safe="/~:@!$&'()*+,;=%") + (f"?{query}" if query else "")


def _is_from_here(request: Request) -> bool:
    """No other site's page may press buttons here: our own host, and our own origin where one is told."""
    host = request.host.rpartition(":")[0] if ":" in request.host else request.host
    try:
        is_ours = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
    origin = request.headers.get("Origin", "")
    return is_ours and (not origin or origin == f"http://{request.host}")
