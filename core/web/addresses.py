"""Which address is printed on cards and shown for hooks: the one the browser used, if it is one of ours."""

from flask import request

from core import settings
from core.settings import Settings


def base_address() -> str:
    """Scheme and host by which the reader's browser came, for links to show and to print."""
    return public_base(
        scheme=request.scheme,
        host=request.host,
        forwarded_host=request.headers.get("X-Forwarded-Host", ""),
        forwarded_scheme=request.headers.get("X-Forwarded-Proto", ""),
    )


def public_base(*, scheme: str, host: str, forwarded_host: str = "", forwarded_scheme: str = "") -> str:
    """Scheme and host to print, such as `https://go.example.com`, without a slash at the end.

    A forwarded host counts first (a proxy, or the admin UI asking on behalf of a browser), but only hosts named in
    `SIYU_HOSTS` count at all, so that nobody can have cards printed that lead elsewhere.
    """
    config = settings.current()
    for named, said in ((forwarded_host, forwarded_scheme or scheme), (host, scheme)):
        name = named.rsplit(":", 1)[0] if not named.endswith("]") else named
        if name and name in config.hosts:
            return f"{_scheme(config, said)}://{named}"
    return f"{_scheme(config, 'http')}://{config.hosts[0]}" + ("" if config.https else f":{config.api_port}")


def _scheme(config: Settings, said: str) -> str:
    return "https" if config.https or said == "https" else "http"
