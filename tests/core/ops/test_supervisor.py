"""The supervisor over real processes: what dies comes back, and nothing is left behind, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.ops.sessions import session_members
from tests.servers.siyu import runs, until

pytestmark = [pytest.mark.server, pytest.mark.slow]

TOY = Path(__file__).with_name("toy.py")
PATIENCE = 20.0


@pytest.fixture
def toy(tmp_path: Path) -> Iterator["Toy"]:
    running = Toy(tmp_path / "home")
    yield running
    running.clear_up()


class Toy:
    """A running toy supervisor, and what its service noted at each start."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, str(TOY), str(home)], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
        )
        until(lambda: len(self.starts()) == 1)

    def starts(self) -> list[tuple[int, int]]:
        file = self.home / "starts"
        lines = file.read_text().splitlines() if file.exists() else []
        return [(int(line.split()[0]), int(line.split()[1])) for line in lines]

    def clear_up(self) -> None:
        self.process.kill()
        self.process.wait()
        until(lambda: not any(session_members(service) for service, _ in self.starts()))


def test_killed_service_is_started_again(toy: Toy) -> None:
    service, _ = toy.starts()[0]
    os.kill(service, signal.SIGKILL)
    until(lambda: len(toy.starts()) == 2)
    assert runs(toy.starts()[1][0])


def test_rest_of_dead_service_goes_first(toy: Toy) -> None:
    service, grandchild = toy.starts()[0]
    os.kill(service, signal.SIGKILL)
    until(lambda: len(toy.starts()) == 2)
    assert not runs(grandchild)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_signal_ends_whole_family(toy: Toy, number: signal.Signals) -> None:
    toy.process.send_signal(number)
    assert toy.process.wait(PATIENCE) == 0
    assert not any(runs(pid) for pid in toy.starts()[0])


def test_killed_supervisor_leaves_nothing_behind(toy: Toy) -> None:
    toy.process.kill()
    toy.process.wait()
    until(lambda: not any(runs(pid) for pid in toy.starts()[0]))


def test_supervisor_replaces_its_killed_watchman(toy: Toy) -> None:
    os.kill(watchmen_of(toy.process.pid)[0], signal.SIGKILL)
    service, _ = toy.starts()[0]
    os.kill(service, signal.SIGKILL)
    until(lambda: len(toy.starts()) == 2)
    toy.process.kill()
    toy.process.wait()
    until(lambda: not any(runs(pid) for pid in toy.starts()[1]))


def test_killed_watchman_is_missed_at_once(toy: Toy) -> None:
    for _ in range(2):
        watchmen = watchmen_of(toy.process.pid)
        os.kill(watchmen[0], signal.SIGKILL)
        until(lambda before=watchmen: watchmen_of(toy.process.pid) not in ([], before))  # type: ignore[misc]  # mypy cannot type a lambda's default
    assert len(toy.starts()) == 1


def test_second_supervisor_is_refused_plainly(toy: Toy) -> None:
    second = subprocess.run(
        [sys.executable, str(TOY), str(toy.home)],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert second.returncode != 0
    assert f"already runs in {toy.home} (process {toy.process.pid})" in second.stderr


def watchmen_of(supervisor: int) -> list[int]:
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    return [int(pid) for pid in children if b"core.ops.watchman" in command_of(pid)]


def command_of(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:  # buried meanwhile
        return b""
