"""The first-party cookie by which a visitor of a shared link is met again; it names nobody."""

import re
import secrets

COOKIE = "siyu_a"
_KEPT_SECONDS = 180 * 24 * 3600
_IN_HEADER = re.compile(rf"(?:^|;\s*){COOKIE}=([A-Za-z0-9_-]{{22}})(?:;|$)")


def read_visitor(cookie_header: str) -> str:
    """The visitor's id from a Cookie header, or "" when there is none in it."""
    if COOKIE not in cookie_header:
        return ""
    found = _IN_HEADER.search(cookie_header)
    return found.group(1) if found else ""


def new_visitor() -> str:
    """A fresh id of 128 random bits."""
    return secrets.token_urlsafe(16)


def visitor_cookie(visitor: str, *, secure: bool) -> str:
    """The Set-Cookie value that makes the browser remember the id for half a year."""
    attributes = f"{COOKIE}={visitor}; Path=/; Max-Age={_KEPT_SECONDS}; HttpOnly; SameSite=Lax"
    return f"{attributes}; Secure" if secure else attributes
