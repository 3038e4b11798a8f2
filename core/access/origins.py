"""Which addresses are ours: where a signed-in browser may write from, and where a login may lead to."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Site:
    """The host names and ports under which this installation is reached."""

    hosts: frozenset[str]
    ports: frozenset[int]
    https: bool

    def owns(self, address: str) -> bool:
        """Whether an absolute address (or an Origin) is one of this installation's."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
            return False
        if self.https and parts.scheme != "https":
            return False
        # Behind a proxy everything stands on the scheme's own port.
        standard = port is None or port == {"http": 80, "https": 443}[parts.scheme]
        return (parts.hostname or "").lower() in self.hosts and (standard or port in self.ports)

    def may_write(self, *, origin: str | None, fetch_site: str | None) -> bool:
        """Whether a browser that sent a cookie may change something: only from a page of ours, and it must say so."""
        if origin is not None:
            return self.owns(origin)
        return fetch_site == "same-origin"

    def may_submit(self, *, origin: str | None, fetch_site: str | None) -> bool:
        """Whether a form without a cookie may be taken: from our page, or from a program that is no browser."""
        if origin is None and fetch_site is None:
            return True
        return self.may_write(origin=origin, fetch_site=fetch_site)

    def safe_next(self, address: str, *, default: str) -> str:
        """Where to go after a login: a path of this host or an address of this installation, else `default`."""
        if not address or any(ord(letter) < 33 or letter == "\\" for letter in address):
            return default
        if address.startswith("/"):
            return default if address.startswith("//") else address
        return address if self.owns(address) else default


def site_of(config: Settings) -> Site:
    """The installation's addresses, from its settings."""
    hosts = frozenset(host.lower() for host in config.hosts)
    return Site(hosts=hosts, ports=frozenset({config.api_port, config.ui_port}), https=config.https)
