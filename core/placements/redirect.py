"""`/t/<code>`: answered before Flask is asked, from memory and a journal, so that it never waits because of us.

A shared code makes a visitor with a first-party cookie; a recipient's code neither reads nor sets one, because
messages are forwarded. Machines are sent on, too, and marked.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import uuid_utils

from core import clock
from core.logs import logger
from core.placements.bots import is_bot
from core.placements.clicks import Click, Kind
from core.placements.codes import LINK_CHARACTERS, PREFIX, SCANNED, split_code
from core.placements.journal import Journal
from core.placements.link_cache import CannotLookUp, LinkCache
from core.placements.miss_limit import MissLimit
from core.placements.small_pages import LATER, UNKNOWN
from core.placements.visitors import new_visitor, read_visitor, visitor_cookie

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logger(__name__)

_HTML = ("Content-Type", "text/html; charset=utf-8")
_NO_STORE = ("Cache-Control", "no-store")


class Redirects:
    """A WSGI application in front of another one."""

    def __init__(
        self,
        inner: "WSGIApplication",
        *,
        links: LinkCache,
        journal: Journal,
        misses: MissLimit,
        secure: bool,
        count_lost: Callable[[], None] = lambda: None,
    ) -> None:
        self._inner, self._links, self._journal, self.misses = inner, links, journal, misses
        self._secure, self._count_lost = secure, count_lost

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Redirect, or pass on what is no tracked link."""
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self._inner(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
            return []
        code = path[len(PREFIX) :]
        parts = split_code(code)
        if parts is None:
            return _answer_page(environ, start_response, "404 Not Found", UNKNOWN)
        return self._redirect(environ, start_response, code, is_shared=not parts[1])

    def _redirect(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", code: str, *, is_shared: bool
    ) -> Iterable[bytes]:
        link = code[:LINK_CHARACTERS]
        known, target = self._links.cached(link)
        if not known:
            address = str(environ.get("REMOTE_ADDR", ""))
            if not self.misses.allows(address):
                return _answer_page(environ, start_response, "429 Too Many Requests", UNKNOWN)
            try:
                target = self._links.fetch(link)
            except CannotLookUp:
                self.record_hit(environ, code, visitor="", kind=_kind(environ))
                return _answer_page(environ, start_response, "503 Service Unavailable", LATER)
            if target is None:
                self.misses.spend(address)
        if target is None:
            return _answer_page(environ, start_response, "404 Not Found", UNKNOWN)
        headers = [("Location", target.location(code)), _NO_STORE, ("Content-Length", "0")]
        visitor = ""
        if is_shared and not is_bot(environ):
            visitor = read_visitor(environ.get("HTTP_COOKIE", ""))
            if not visitor:
                visitor = new_visitor()
                headers.append(("Set-Cookie", visitor_cookie(visitor, secure=self._secure)))
        self.record_hit(environ, code, visitor=visitor, kind=_kind(environ))
        start_response("302 Found", headers)
        return []

    def record_hit(self, environ: "WSGIEnvironment", code: str, *, visitor: str, kind: Kind) -> None:
        """Put a hit into the journal; it never fails the caller."""
        click = Click(
            id=uuid_utils.uuid7().hex,
            at=clock.now(),
            code=code,
            kind=kind,
            visitor=visitor,
            agent=environ.get("HTTP_USER_AGENT", ""),
            referrer=environ.get("HTTP_REFERER", ""),
            is_bot=is_bot(environ),
        )
        try:
            self._journal.append(click.to_bytes())
        except OSError as error:
            # The one honest exception: a full disk must not keep the customer from the page. It is counted and shown.
            self._count_lost()
            log.error("a click could not be recorded: %s", error)


def _kind(environ: "WSGIEnvironment") -> Kind:
    return "scan" if environ.get("QUERY_STRING") == SCANNED else "click"


def _answer_page(
    environ: "WSGIEnvironment", start_response: "StartResponse", status: str, page: bytes
) -> Iterable[bytes]:
    start_response(status, [_HTML, _NO_STORE, ("Content-Length", str(len(page)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [page]
