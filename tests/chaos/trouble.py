"""Trouble for a running platform: kills its services at random, by a seed, until the work is done all the same."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from core.ops.sessions import session_members
from tests.servers.siyu import Running, until

WORK_SECONDS = 180.0

on_both = pytest.mark.parametrize(
    "platform", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""A test in trouble on either database."""


@dataclass
class Trouble:
    """What was killed so far, and the dice that choose what is next."""

    running: Running
    seed: int
    killed: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def until(self, done: Callable[[], bool], *, victims: Sequence[str], kills: int) -> None:
        """Kill victims until so many are dead or the work is done; then let it be done in peace."""
        while not done() and len(self.killed) < kills:
            self.strike(self.dice.choice(victims))
            time.sleep(self.dice.uniform(0.3, 1.2))
        until(done, seconds=WORK_SECONDS, otherwise=f"not done; {self}")

    def strike_during(self, name: str, work: Callable[[], bool]) -> None:
        """Kill one at a moment when the work is going on."""
        until(work, seconds=WORK_SECONDS, otherwise=f"the work to disturb did not begin; {self}")
        self.strike(name)

    def strike(self, name: str) -> None:
        """Kill one; Redis loses its memory too."""
        if name in self.running.services():
            self.killed.append((name, self.running.kill(name)))
        if name == "redis":
            for path in (self.running.home / "redis").iterdir():
                shutil.rmtree(path, ignore_errors=True)

    def left_behind(self) -> list[int]:
        """Processes of killed services that still run."""
        return [pid for _, session in self.killed for pid in session_members(session)]
