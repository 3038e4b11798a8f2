"""Whether a port is free: asked with a plain bind, for a server that shares its port would not notice a neighbour."""

import errno
import socket

from core.errors import BadConfiguration


def require_free(bind: str, port: int, *, variable: str) -> None:
    """See that a server of ours can listen there.

    Raises:
        BadConfiguration: the port is taken, or the address is not this machine's; names the variable to set.
    """
    if problem := why_not(bind, port):
        raise BadConfiguration(f"{problem}: stop what listens there, or set {variable}.")


def why_not(bind: str, port: int) -> str | None:
    """Why one cannot listen there, or nothing."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of a server that has just stopped may linger; a listening one is refused all the same.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            return _reason(error, bind, port)
    return None


def _reason(error: OSError | OverflowError, bind: str, port: int) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} on {bind} is taken"
    if number == errno.EACCES:
        return f"Port {port} on {bind} needs rights this user lacks"
    return f"Cannot listen on {bind} port {port} ({error})"
