"""Accounts of the simulator: known by a mark in their ids, and led to it instead of to the vendor.

A real account is never led there, and a simulated one never leaves this machine: whatever carries the mark goes to
the simulator, or nowhere.
"""

import base64
import binascii

import httpx

from core import settings
from core.sdk.failures import Unreachable

MARK = "5105105105"
"""Ten digits that every simulated account carries in its id, host or token. No vendor has given them to anybody."""


def lead_to_simulator(request: httpx.Request) -> httpx.Request | None:
    """The same request for the simulator when it is of a simulated account, else None.

    Only the way changes: the `Host` header, which vendors sign, stays the vendor's. Raises `Unreachable` when no
    simulator is set.
    """
    if not _is_simulated(request):
        return None
    address = settings.current().simulator
    if address is None:
        raise Unreachable("this is an account of the simulator: start `siyu simulate` and set SIYU_SIMULATOR")
    headers = httpx.Headers(request.headers)
    headers["host"] = request.headers.get("host", request.url.host)
    url = httpx.URL(address).copy_with(raw_path=f"/to/{request.url.host}".encode() + request.url.raw_path)
    return httpx.Request(
        request.method, url, headers=headers, stream=request.stream, extensions=_without_name(request.extensions)
    )


def lead_browser(address: str) -> str:
    """Where a browser finds what a page links to: the vendor, or the simulator for an account of it."""
    simulator = settings.current().simulator
    url = httpx.URL(address)
    if MARK not in address or simulator is None:
        return address
    path = f"/to/{url.host}{url.raw_path.decode()}"
    return f"{simulator.rstrip('/')}{path}" + (f"#{url.fragment}" if url.fragment else "")


def _is_simulated(request: httpx.Request) -> bool:
    mark = MARK.encode()
    parts = [str(request.url).encode(), *(value for _, value in request.headers.raw), request.read()]
    if any(mark in part for part in parts):
        return True
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "basic" and mark in _decoded(given)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


def _without_name(extensions: object) -> dict[str, object]:
    """All but the name that TLS would ask for: the simulator speaks plain HTTP."""
    assert isinstance(extensions, dict)
    return {name: value for name, value in extensions.items() if name != "sni_hostname"}
