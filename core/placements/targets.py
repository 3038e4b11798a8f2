"""Where a link may lead: an http(s) address, kept as plain ASCII so that it fits into a header."""

from urllib.parse import quote, urlsplit, urlunsplit

from core.errors import FieldError, Invalid
from core.placements.link_cache import Target

LONGEST = 2048
PARAMETER = "siyu_code"
_KEPT = "%/:=&?~#+!$,;'@()*[]-._"


def clean_target(text: str) -> str:
    """The address as it is stored and sent.

    Raises:
        Invalid: it is no http(s) address with a host, holds a login, or is too long.
    """
    stripped = text.strip()
    try:
        parts = urlsplit(stripped)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError is one
        raise _refuse("is no address") from None
    if parts.scheme not in ("http", "https") or not host:
        raise _refuse("must begin with https:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise _refuse("must not hold a user name or password")
    if any(ord(character) < 32 for character in stripped):
        raise _refuse("holds a control character")
    shown_host = f"[{host}]" if ":" in host else host
    path, query, fragment = (quote(part, safe=_KEPT) for part in (parts.path or "/", parts.query, parts.fragment))
    cleaned = urlunsplit((parts.scheme, shown_host + port, path, query, fragment))
    if len(cleaned) > LONGEST:
        raise _refuse(f"is longer than {LONGEST} characters")
    return cleaned


def target_of(url: str, *, tells_code: bool) -> Target:
    """The stored address as the redirect uses it: cut where the code goes."""
    if not tells_code:
        return Target(url)
    before, mark, fragment = url.partition("#")
    joint = "&" if "?" in before else "?"
    return Target(f"{before}{joint}{PARAMETER}=", mark + fragment, tells_code=True)


def _refuse(why: str) -> Invalid:
    return Invalid(f"The target {why}.", fields=[FieldError("target_url", "bad_target", f"The target {why}.")])
