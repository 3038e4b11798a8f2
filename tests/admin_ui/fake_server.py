"""The fake API as a process: `python -m tests.admin_ui.fake_server PORT [ROLE] [empty]`, for looking at pages."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.admin_ui.fake_api import FakeApi


def serve(api: FakeApi, port: int) -> ThreadingHTTPServer:
    """A server that answers as `api` does, and sets the session cookie at /login."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/login"):
                self.send_response(200)
                self.send_header("Set-Cookie", "siyu=good; HttpOnly; SameSite=Lax; Path=/")
                self.end_headers()
                return
            length = int(self.headers.get("content-length") or 0)
            request = httpx.Request(
                self.command, f"http://api.test{self.path}", headers=dict(self.headers), content=self.rfile.read(length)
            )
            answer = api.answer(request)
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers.get("content-type", "application/json"))
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names http.server looks for

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    role = sys.argv[2] if len(sys.argv) > 2 else "agency_owner"
    serve(FakeApi(role=role, full="empty" not in sys.argv), int(sys.argv[1])).serve_forever()
