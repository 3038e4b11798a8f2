"""A sender that keeps a rate, which wrk does not: requests go out in small volleys over a few open connections."""

import re
import select
import socket
import time

TICK = 0.01
SOCKETS = 16
ANSWER = re.compile(rb"HTTP/1\.1 302 ")
_CARRIED = 12  # an answer's first bytes may be cut in two by a read


def send_steadily(port: int, path: str, headers: dict[str, str], *, rate: float, seconds: float) -> tuple[int, int]:
    """Ask for `path` at this rate; returns how many requests were sent, and how many were answered by a redirect."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {text}" for name, text in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    open_sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(SOCKETS)]
    counts = {one: _Count() for one in open_sockets}
    began, sent, tick = time.monotonic(), 0, 0
    while (passed := time.monotonic() - began) < seconds:
        due = int(rate * passed) - sent
        one = open_sockets[tick % SOCKETS]
        if due > 0:
            one.sendall(request * due)
            sent += due
        tick += 1
        _read(open_sockets, counts, wait=TICK)
    deadline = time.monotonic() + 10
    while sum(count.answers for count in counts.values()) < sent and time.monotonic() < deadline:
        _read(open_sockets, counts, wait=0.1)
    for one in open_sockets:
        one.close()
    return sent, sum(count.answers for count in counts.values())


class _Count:
    answers = 0
    rest = b""


def _read(open_sockets: list[socket.socket], counts: dict[socket.socket, _Count], *, wait: float) -> None:
    until = time.monotonic() + wait
    while (left := until - time.monotonic()) > 0:
        ready, _, _ = select.select(open_sockets, [], [], left)
        for one in ready:
            count = counts[one]
            seen = count.rest + one.recv(1 << 18)
            count.answers += len(ANSWER.findall(seen))
            tail = seen[-_CARRIED:]
            count.rest = b"" if ANSWER.search(tail) else tail
