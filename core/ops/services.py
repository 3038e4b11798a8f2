"""What `siyu up` runs: each service's command, its environment, and the question that shows it works."""

import http.client
import importlib.util
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from core.errors import BadConfiguration
from core.ops import redis
from core.ops.supervisor import Service
from core.settings import Settings
from core.simulator.state import STATE

# The pages reach the API over HTTP with the visitor's own token: they get no key, no database and no queue.
UI_KEEPS = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "SIYU_PUBLIC_API_URL",
)


def require_redis(settings: Settings) -> Path | None:
    """The server to start; none where one is named.

    Raises:
        BadConfiguration: none is named, and there is none to start.
    """
    if settings.redis_url:
        return None
    if binary := redis.server_binary():
        return binary
    raise BadConfiguration("There is no Redis here: install redis-server, or set SIYU_REDIS_URL to one you have.")


def redis_service(binary: Path, *, home: Path) -> Service:
    """The embedded Redis."""
    folder, path = home / "redis", redis.socket_path(home)
    folder.mkdir(mode=0o700, exist_ok=True)
    command = redis.server_command(binary, folder=folder, socket=path)
    return Service("redis", command, dict(os.environ), is_ready=lambda: _redis_answers(path))


def platform_services(settings: Settings, *, home: Path, redis_url: str) -> list[Service]:
    """The API and the admin pages, which are waited for, then what carries jobs and clicks."""
    environment = {**os.environ, "SIYU_HOME": str(home), "SIYU_REDIS_URL": redis_url}
    if settings.simulator:
        environment["SIYU_SIMULATOR"] = settings.simulator
    api_answers = _http_answers(settings.bind, settings.api_port, "/healthz")
    services = [Service("api", _siyu("serve"), environment, is_ready=api_answers)]
    if exists("admin_ui.__main__"):
        services.append(_ui_service(settings))
    services.append(Service("dispatcher", _siyu("work", "dispatcher"), environment))
    if exists("core.ingest.shipper"):
        services.append(Service("shipper", _siyu("work", "shipper"), environment))
    for queue, count in (("quick", settings.quick_workers), ("slow", settings.slow_workers)):
        services += [Service(f"{queue}-{number}", _siyu("work", queue), environment) for number in range(1, count + 1)]
    return services


def simulator_service(settings: Settings, *, home: Path) -> Service:
    """The vendors on this machine, for the demo and for trying out."""
    command = _siyu("simulate", "--port", str(settings.simulator_port), "--state", str(home / STATE))
    return Service("simulator", command, {**os.environ, "SIYU_HOME": str(home)})


def exists(module: str) -> bool:
    """Whether a module is there, without loading it."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def local_address(bind: str) -> str:
    """The address at which this machine itself reaches a server bound so."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - compared, not bound


def _ui_service(settings: Settings) -> Service:
    host = local_address(settings.bind)
    environment = {name: os.environ[name] for name in UI_KEEPS if name in os.environ}
    environment |= {
        "SIYU_API_URL": f"http://{f'[{host}]' if ':' in host else host}:{settings.api_port}",
        "SIYU_BIND": settings.bind,
        "SIYU_UI_PORT": str(settings.ui_port),
    }
    if settings.simulator:
        environment["SIYU_SIMULATOR"] = settings.simulator
    pages_answer = _http_answers(settings.bind, settings.ui_port, "/_stcore/health")
    return Service("ui", [sys.executable, "-m", "admin_ui"], environment, is_ready=pages_answer, ready_within=180.0)


def _siyu(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "core.cli", *arguments]


def _http_answers(bind: str, port: int, path: str) -> Callable[[], bool]:
    def ask() -> bool:
        connection = http.client.HTTPConnection(local_address(bind), port, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def _redis_answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
