"""Start the real thing as a newcomer would, look at it from outside, stop it, and see that nothing is left.

Twice: the second start takes about four seconds on an idle machine of two cores; here it is printed, and bounded.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

FIRST_SECONDS, SECOND_SECONDS, STOP_SECONDS = 300, 20, 15


def main() -> None:
    """Two starts in one new home."""
    with tempfile.TemporaryDirectory(prefix="siyu-smoke-") as home:
        for limit in (FIRST_SECONDS, SECOND_SECONDS):
            ports = {f"SIYU_{name}_PORT": str(free_port()) for name in ("API", "UI", "SIMULATOR")}
            seconds = start_look_stop({**os.environ, **ports, "SIYU_HOME": home}, limit=limit)
            print(f"`make up` answered after {seconds:.1f} s (limit {limit} s), stopped, and left nothing.")


def start_look_stop(environment: dict[str, str], *, limit: float) -> float:
    """One life of `make up`; gives the seconds until its pages answered."""
    api = f"http://127.0.0.1:{environment['SIYU_API_PORT']}"
    pages = f"http://127.0.0.1:{environment['SIYU_UI_PORT']}"
    began = time.monotonic()
    up = subprocess.Popen(["make", "up"], env=environment, start_new_session=True)
    try:
        for address in (f"{pages}/_stcore/health", f"{api}/healthz", f"{api}/readyz"):
            wait_for(address, until=began + limit, process=up)
        took = time.monotonic() - began
        require("password" in read(f"{api}/login"), "the login page has no password field")
        require("<html" in read(pages).lower(), "the admin pages do not answer with a page")
        require("paths" in json.loads(read(f"{api}/openapi/openapi.json")), "the API does not describe itself")
        seen = descendants(up.pid)
        require(len(seen) >= 6, f"too few processes run: {seen}")
    finally:
        os.killpg(up.pid, signal.SIGINT)
        up.wait(STOP_SECONDS)
    left = [pid for pid in seen if Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()]
    require(not left, f"still running: {left}")
    return took


def wait_for(address: str, *, until: float, process: subprocess.Popen[bytes]) -> None:
    """Ask until it answers 200."""
    while time.monotonic() < until:
        require(process.poll() is None, f"`make up` ended with {process.returncode}")
        try:
            read(address)
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{address} did not answer in time")


def descendants(root: int) -> list[int]:
    """Every process below this one."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = {int(pid): int(parent) for pid, parent in (line.split() for line in listed.splitlines())}
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {root})


def read(address: str) -> str:
    """The text behind an address of this machine."""
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require(fact: object, otherwise: str) -> None:
    """End with a line if something does not hold."""
    if not fact:
        sys.exit(f"smoke: {otherwise}")


if __name__ == "__main__":
    main()
