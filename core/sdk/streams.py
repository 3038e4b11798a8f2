"""A TCP connection to a vendor that speaks no HTTP: public addresses only, TLS unless the vendor has none."""

import socket
import ssl
from typing import Protocol

import httpx

from core import settings
from core.sdk.egress import public_address
from core.sdk.failures import Unreachable
from core.sdk.simulated import MARK


class Stream(Protocol):
    """An open connection. Whatever breaks it raises `OSError`; a read that brings nothing in time, `TimeoutError`."""

    def recv(self, size: int, /) -> bytes:
        """What came, at most so many octets; none when the other side hung up."""

    def sendall(self, octets: bytes, /) -> None:
        """Send all of it."""

    def settimeout(self, seconds: float, /) -> None:
        """How long a read waits from now on."""

    def close(self) -> None:
        """Hang up."""


def open_stream(host: str, port: int, *, account: str, has_tls: bool, timeout: float = 10.0) -> Stream:
    """Connect; the caller closes it. `timeout` is in seconds, for connecting and for each read.

    `account` names whose connection it is: one of the simulator is led there, and nowhere else.

    Raises `Unreachable` where nobody answers (nothing was sent then), `BadSettings` for an address that is not public.
    """
    if MARK in account:
        return _connect("127.0.0.1", _simulated_port(host), timeout)
    plain = _connect(public_address(host, port), port, timeout)
    if not has_tls:
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except (OSError, ValueError) as error:
        plain.close()
        raise Unreachable(f"{host} does not speak TLS as it should: {type(error).__name__}") from None


def _connect(address: str, port: int, timeout: float) -> socket.socket:
    try:
        return socket.create_connection((address, port), timeout)
    except OSError as error:
        raise Unreachable(f"port {port} cannot be reached: {type(error).__name__}") from None


def _simulated_port(host: str) -> int:
    """Where the simulator listens for this host; it says so itself."""
    address = settings.current().simulator
    if address is None:
        raise Unreachable("this is an account of the simulator: start `siyu simulate` and set SIYU_SIMULATOR")
    try:
        return int(httpx.get(f"{address}/tcp/{host}", timeout=5, trust_env=False).raise_for_status().text)
    except (httpx.HTTPError, ValueError):
        raise Unreachable(f"the simulator does not listen for {host}") from None
