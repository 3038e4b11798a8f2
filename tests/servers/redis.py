"""A Redis for tests: the one given, else a server of our own on a socket in a temporary folder."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import redis

from core.ops.redis import server_binary, server_command, socket_url

URL_VARIABLE = "SIYU_TEST_REDIS_URL"
START_SECONDS = 60


@contextlib.contextmanager
def redis_server() -> Iterator[str]:
    """The URL of an empty Redis; a given one is emptied first, so name a database that holds nothing."""
    given = os.environ.get(URL_VARIABLE)
    if given:
        with redis.Redis.from_url(given) as client:
            client.flushdb()
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="siyu-redis-", dir="/tmp"))
    try:
        with own_server(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """A server that keeps its files in `folder`: start it there again and it knows what it was told."""
    binary = server_binary()
    if binary is None:
        raise RuntimeError("No Redis: install the package redis-server.")
    socket = folder / "redis.sock"
    command = server_command(binary, folder=folder, socket=socket)
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_until_ready(socket_url(socket), server=server)
        yield socket_url(socket)
    finally:
        server.kill()
        server.wait()


def _wait_until_ready(url: str, *, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                return
            except redis.exceptions.ConnectionError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("Redis did not start.") from None
                time.sleep(0.01)
