"""Where a plugin's requests may go: public addresses only, and to the very address that was checked.

One exception: what is of an account of the simulator goes there, and nowhere else (`core.sdk.simulated`).

A name is resolved once, every address it has must be public, and the connection goes to the checked one, so that a
name which changes its mind between check and connection (rebinding) gains nothing.
"""

import ipaddress
import socket

import httpx

from core.sdk.failures import BadSettings, Unreachable
from core.sdk.simulated import lead_to_simulator


class PublicOnly(httpx.HTTPTransport):
    """An HTTP transport that refuses private, loopback, link-local and other special addresses."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check and pin the address, then send. Raises `BadSettings` for a forbidden one, `Unreachable` for none."""
        if simulated := lead_to_simulator(request):
            return super().handle_request(simulated)
        host = request.url.host
        pinned = request.url.copy_with(host=public_address(host, request.url.port or 443))
        headers = httpx.Headers(request.headers)
        headers["host"] = request.headers.get("host", host)
        extensions = request.extensions | {"sni_hostname": host}
        return super().handle_request(
            httpx.Request(request.method, pinned, headers=headers, stream=request.stream, extensions=extensions)
        )


def public_address(host: str, port: int) -> str:
    """The first address of `host`, when all of its addresses are public."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise Unreachable(f"{host} has no address") from None
    addresses = [ipaddress.ip_address(str(address).partition("%")[0]) for address in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise BadSettings(f"{host} is not a public address; plugins reach public ones only", code="address")
    return str(addresses[0])


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    return bool(inner.is_global) and not inner.is_multicast
