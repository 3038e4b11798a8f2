"""`siyu up`: everything on one machine under one supervisor, from an empty folder to a page that answers."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from core import settings
from core.ops import home as homes
from core.ops import ports, redis
from core.ops.init import is_initialised
from core.ops.services import platform_services, redis_service, require_redis, simulator_service
from core.ops.supervisor import Supervisor

DEMO_LOGINS = "demo-logins.txt"
ROTATE_BYTES = 20_000_000


def run_everything(*, with_demo: bool, say: Callable[[str], None]) -> None:
    """Start all services, say where they are, and stay until told to stop."""
    began = time.monotonic()
    current = settings.current()
    home = homes.prepare(current.home)
    with homes.locked(home) as lock:
        ports.require_free(current.bind, current.api_port, variable="SIYU_API_PORT")
        ports.require_free(current.bind, current.ui_port, variable="SIYU_UI_PORT")
        if with_demo and not current.simulator:
            ports.require_free("127.0.0.1", current.simulator_port, variable="SIYU_SIMULATOR_PORT")
            current = current.model_copy(update={"simulator": f"http://127.0.0.1:{current.simulator_port}"})
        redis_binary = require_redis(current)
        if not is_initialised(current, with_demo=with_demo):
            _initialise(with_demo=with_demo)
        _rotate_logs(home / "logs")
        supervisor = Supervisor(home=home, lock=lock, say=say)
        try:
            _start_all(supervisor, current, home, redis_binary)
            if not supervisor.stopping:
                say(_addresses(current, home, seconds=time.monotonic() - began))
            supervisor.run()
        finally:
            say("Stopping ...")
            supervisor.stop()


def _start_all(supervisor: Supervisor, current: settings.Settings, home: Path, redis_binary: Path | None) -> None:
    if redis_binary is not None:
        supervisor.start(redis_service(redis_binary, home=home))
        supervisor.wait_until_ready()
    for service in platform_services(current, home=home, redis_url=redis.redis_url(current)):
        supervisor.start(service)
    if current.simulator and current.simulator != settings.current().simulator:  # ours, not one that runs elsewhere
        supervisor.start(simulator_service(current, home=home))
    supervisor.wait_until_ready()


def _initialise(*, with_demo: bool) -> None:
    """Run `siyu init` in a process of its own, so that the supervisor stays small."""
    command = [sys.executable, "-m", "core.cli", "init", "--demo" if with_demo else "--no-demo"]
    if subprocess.run(command, check=False).returncode:
        sys.exit(1)  # it has said why


def _rotate_logs(logs: Path) -> None:
    for log in logs.glob("*.log"):
        if log.stat().st_size > ROTATE_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _addresses(current: settings.Settings, home: Path, *, seconds: float) -> str:
    host = current.hosts[0] if current.hosts else "localhost"
    logins = home / DEMO_LOGINS
    lines = [
        f"Siyu is ready after {seconds:.1f} s.",
        f"  Admin pages  管理后台   http://{host}:{current.ui_port}",
        *([f"  Simulator    模拟器   {current.simulator}/"] if current.simulator else []),
        f"  API          接口      http://{host}:{current.api_port}/openapi/",
        *([f"  Demo logins  演示账号   {logins}"] if logins.is_file() else []),
        f"  Logs         日志      {home / 'logs'}",
        "Ctrl-C stops everything. 按 Ctrl-C 全部停止。",
    ]
    return "\n".join(lines)
