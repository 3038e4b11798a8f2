"""The home's lock and rights, a port's plain bind, the Redis socket's place."""

import os
import socket
from pathlib import Path

import pytest

from core.errors import BadConfiguration
from core.ops import home as homes
from core.ops import ports, redis


def test_home_is_private_to_its_user(tmp_path: Path) -> None:
    folder = homes.prepare(tmp_path / "a" / "home")
    assert folder.stat().st_mode & 0o077 == 0


def test_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("")
    with pytest.raises(BadConfiguration, match=r"SIYU_HOME .* cannot be written"):
        homes.prepare(tmp_path / "blocked")


def test_lock_names_its_holder(tmp_path: Path) -> None:
    home = homes.prepare(tmp_path)
    with homes.locked(home):
        assert homes.holder(home) == os.getpid()
        with pytest.raises(BadConfiguration, match=f"already runs .*process {os.getpid()}"), homes.locked(home):
            pass
    assert homes.holder(home) is None


def test_taken_port_names_its_variable() -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as a web server does
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(BadConfiguration, match=f"Port {port} .* is taken.*SIYU_API_PORT"):
            ports.require_free("127.0.0.1", port, variable="SIYU_API_PORT")


def test_address_of_another_machine_is_refused() -> None:
    with pytest.raises(BadConfiguration, match=r"Cannot listen on 192\.0\.2\.1"):
        ports.require_free("192.0.2.1", 8400, variable="SIYU_API_PORT")


def test_socket_path_fits_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    long = tmp_path / ("x" * 200)
    assert len(bytes(redis.socket_path(long))) <= redis.SOCKET_BYTES


def test_two_homes_have_two_sockets(tmp_path: Path) -> None:
    assert redis.socket_path(tmp_path / "a") != redis.socket_path(tmp_path / "b")


def test_foreign_socket_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = redis.socket_path(tmp_path / "a").parent
    folder.rmdir()
    folder.symlink_to(tmp_path)
    with pytest.raises(BadConfiguration, match="belongs to another user"):
        redis.socket_path(tmp_path / "a")
