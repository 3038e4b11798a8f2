"""`siyu doctor`: look at this installation from outside and say what to do about what is wrong."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core import settings
from core.db.migrate import MIGRATIONS
from core.errors import SiyuError
from core.ops import home as homes
from core.ops import ports, redis
from core.ops.sessions import session_members
from core.ops.supervisor import read_roll
from core.settings import Settings

LEAST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1_000_000_000
KEY_MODE = 0o077


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do if it is wrong."""

    subject: str
    state: str
    advice: str | None = None


def examine() -> list[Finding]:
    """Look at everything; a bad setting ends the list, for nothing else can be judged without it."""
    try:
        current = settings.load()
    except SiyuError as error:
        return [_python(), Finding("settings", error.message, "correct the variable; docs/settings.md lists them all")]
    looks: tuple[Callable[[Settings], Finding], ...] = (_home, _disk, _key, _database, _redis)
    return [_python(), *(look(current) for look in looks), *_ports(current), *_services(current)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    too_old = sys.version_info < LEAST_PYTHON
    return Finding("python", version, "use Python 3.11 or later" if too_old else None)


def _home(current: Settings) -> Finding:
    try:
        folder = homes.prepare(current.home)
    except SiyuError as error:
        return Finding("home", error.message, "chown the folder to this user, or set SIYU_HOME to another")
    running = homes.holder(folder)
    return Finding("home", f"{folder}, " + (f"in use by process {running}" if running else "not in use now"))


def _disk(current: Settings) -> Finding:
    folder = current.home if current.home.exists() else current.home.absolute().parent
    free = shutil.disk_usage(folder).free
    advice = "free some space: the database stops writing on a full disk" if free < LEAST_FREE_BYTES else None
    return Finding("disk", f"{free / 1e9:.1f} GB free", advice)


def _key(current: Settings) -> Finding:
    try:
        current.key()
    except SiyuError as error:
        return Finding("secret key", error.message, "run `siyu init`")
    file = current.home / "secret.key"
    if current.secret_key is None and file.stat().st_mode & KEY_MODE:
        return Finding("secret key", f"{file} can be read by others", f"chmod 600 {file}")
    return Finding("secret key", "32 bytes, private")


def _database(current: Settings) -> Finding:
    kind = sa.make_url(current.database).get_backend_name()
    if kind == "sqlite" and not (current.home / "siyu.db").is_file() and not current.database_url:
        return Finding("database", "not made yet", "run `siyu init`")
    engine = sa.create_engine(current.database)
    try:
        with engine.connect() as connection:
            applied = set(MigrationContext.configure(connection).get_current_heads())
    except sa.exc.SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        return Finding("database", f"{kind} does not answer: {reason}", "start it, or correct SIYU_DATABASE_URL")
    finally:
        engine.dispose()
    wanted = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    if applied != wanted:
        return Finding("database", f"{kind}, {len(wanted - applied)} steps behind this version", "run `siyu init`")
    return Finding("database", f"{kind}, up to date")


def _redis(current: Settings) -> Finding:
    if current.redis_url:
        return Finding("redis", "the one of SIYU_REDIS_URL")
    binary = redis.server_binary()
    if binary is None:
        return Finding("redis", "no server found", "install redis-server, or set SIYU_REDIS_URL")
    return Finding("redis", f"{binary}, socket {redis.socket_path(current.home)}")


def _ports(current: Settings) -> Iterator[Finding]:
    in_use = homes.holder(current.home) is not None
    places = (
        ("API", current.bind, current.api_port),
        ("UI", current.bind, current.ui_port),
        ("SIMULATOR", "127.0.0.1", current.simulator_port),
    )
    for name, bind, port in places:
        problem = ports.why_not(bind, port)
        state = "ours, in use" if in_use and problem else problem or f"{port} is free"
        advice = None if in_use or not problem else f"stop what listens there, or set SIYU_{name}_PORT"
        yield Finding(f"{name} port", state, advice)


def _services(current: Settings) -> Iterator[Finding]:
    if homes.holder(current.home) is None:
        return
    for name, process in read_roll(current.home).items():
        runs = bool(session_members(process))
        advice = None if runs else f"read {current.home / 'logs' / name}.log"
        yield Finding(name, f"process {process}" if runs else "down; it is started again soon", advice)
