"""Work in processes of their own, so that each has its own peak of memory and no warm caches of another's."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Measured:
    """Seconds of wall and of CPU (all threads), peak of resident memory in GB, and what else there is to tell."""

    wall: float
    cpu: float
    peak: float = 0.0
    told: dict[str, Any] = field(default_factory=dict)

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak), other.told)


def best_of(times: int, work: Callable[[], Any]) -> tuple[Measured, Any]:
    """The quickest of some calls, and what the last gave. The peak is the process's when they end: what is looked at
    afterwards counts to nobody."""
    best = Measured(float("inf"), float("inf"))
    made = None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        best = min(best, Measured(wall, cpu), key=lambda one: one.wall)
    best.peak = _peak()
    return best, made


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def tell(measured: Measured) -> None:
    """The child's last line."""
    measured.peak = measured.peak or _peak()
    print(json.dumps(asdict(measured)))


def in_child(command: list[str], *, folder: Path, python: str = sys.executable) -> Measured:
    """Run a command that ends with `tell`, its errors shown."""
    done = subprocess.run([python, *command], stdout=subprocess.PIPE, text=True, check=True, cwd=folder)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))
