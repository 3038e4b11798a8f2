"""The gate of the app: who sent a request, by API key, session token or cookie, and what they may do where."""

import sqlalchemy.exc as sql
from flask import Flask, Response, request

from core import clock, settings
from core.access import key_format, tokens
from core.access.callers import Caller, caller_of_key, caller_of_session, note_use, tenant_seen
from core.access.origins import SAFE_METHODS, Site, site_of
from core.db import parse_id, platform_reading, platform_writing
from core.errors import Forbidden, NotFound
from core.logs import logger
from core.web.gate import Principal, principal

log = logger(__name__)
_LONGEST = 200


class AccessGate:
    """What `core.web` asks before each labelled route."""

    def identify(self) -> Principal | None:
        """The caller by `Authorization: Bearer` (key or session), else by cookie; None if nobody we know.

        Raises:
            Forbidden: a cookie came with a change that another site asked for.
        """
        token, by_cookie = sent_token()
        if not token:
            return None
        if by_cookie and request.method not in SAFE_METHODS:
            _refuse_other_sites()
        with platform_reading() as session:
            is_key = token.startswith(key_format.PREFIX) and not by_cookie
            caller = caller_of_key(session, token) if is_key else caller_of_session(session, token)
        if caller is not None and (
            caller.seen_at is None or tokens.wants_touch(seen_at=caller.seen_at, now=clock.now())
        ):
            _note_use(caller)
        return caller

    def enter(self, who: Principal, tenant: str) -> tuple[int, frozenset[str]]:
        """The number of the tenant by its public id and the caller's scopes there; NotFound where there are none."""
        if not isinstance(who, Caller):
            raise NotFound
        public_id = parse_id(tenant)
        with platform_reading() as session:
            found = tenant_seen(session, who, public_id)
        return found.number, who.reach.on(found.number, found.agency_id)

    def agency_scopes(self, who: Principal) -> frozenset[str]:
        """Every scope the caller has somewhere; a route of no tenant narrows its rows by itself."""
        return who.reach.anywhere() if isinstance(who, Caller) else frozenset()


def caller() -> Caller:
    """The current request's caller with its reach. Raises Unauthenticated on a public route."""
    who = principal()
    assert isinstance(who, Caller)
    return who


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and to https, where there is https."""
    return "__Host-siyu" if settings.current().https else "siyu"


def sent_token() -> tuple[str, bool]:
    """The token that came with the request, and whether it came as a cookie. A header, even a wrong one, goes first."""
    header = request.headers.get("Authorization")
    if header is not None:
        kind, _, token = header.partition(" ")
        return (token.strip()[:_LONGEST] if kind.lower() == "bearer" else ""), False
    return request.cookies.get(cookie_name(), "")[:_LONGEST], True


def site() -> Site:
    """This installation's addresses."""
    return site_of(settings.current())


def install_origins(app: Flask) -> None:
    """Let pages of this installation (the admin UI on its own port) call the API from the browser, and no others."""
    app.before_request(_answer_preflight)
    app.after_request(_allow_origin)


def _answer_preflight() -> Response | None:
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return Response(status=204) if asks else None


def _allow_origin(response: Response) -> Response:
    origin = request.headers.get("Origin")
    if origin is not None and request.path.startswith("/v1/") and site().owns(origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Content-Encoding, Idempotency-Key"
        response.headers["Access-Control-Expose-Headers"] = "X-Request-Id, Retry-After"
        response.headers["Access-Control-Max-Age"] = "600"
        response.headers.add("Vary", "Origin")
    return response


def _refuse_other_sites() -> None:
    headers = request.headers
    if not site().may_write(origin=headers.get("Origin"), fetch_site=headers.get("Sec-Fetch-Site")):
        raise Forbidden("This came from another site; open Siyu itself and try again.", code="other_site")


def _note_use(caller: Caller) -> None:
    # A database that is busy for a moment must not turn a read into an error.
    try:
        with platform_writing() as session:
            note_use(session, caller)
    except sql.OperationalError:
        log.warning("the use of a %s could not be noted", caller.kind)
