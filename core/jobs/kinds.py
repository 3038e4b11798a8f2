"""Every kind of job: the worker function as a dotted string, its queue, and how often an error is retried."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from core.jobs.running import RunningJob

QueueName = Literal["quick", "slow"]
QUEUES: tuple[QueueName, ...] = ("quick", "slow")


@dataclass(frozen=True)
class Kind:
    """A worker function `module:name` taking a RunningJob, and how it is run.

    With `every` (seconds) the platform has it run again and again, for no tenant in particular. With `pause` (seconds)
    a tenant's next one begins no sooner than that after the last, and does at once what gathered.
    """

    target: str
    queue: QueueName = "quick"
    max_errors: int = 5
    every: int | None = None
    pause: float = 0

    def resolve(self) -> "Callable[[RunningJob], Any]":
        """Import the worker function."""
        module, _, name = self.target.partition(":")
        function: Callable[[RunningJob], Any] = getattr(import_module(module), name)
        return function


KINDS: dict[str, Kind] = {
    "campaigns.send": Kind("workers.campaigns:run", max_errors=20),
    "lake.flush": Kind("workers.lake:run", queue="slow", pause=3),
    "lake.compact": Kind("workers.lake:run_compact", queue="slow"),
    "attribution.run": Kind("workers.attribution:run", queue="slow"),
    "insights.refresh": Kind("workers.insights:run", queue="slow"),
    "attribution.refresh": Kind("workers.attribution:refresh", queue="slow"),
    "lake.flush_all": Kind("workers.lake:run_all", queue="slow", every=600),
    "access.sweep": Kind("workers.access_sweep:run", every=3_600),
    "jobs.sweep": Kind("workers.sweep:run", every=86_400),
    "placements.publish": Kind("workers.publish:run", queue="slow"),
    "cards.move": Kind("workers.cards:run", queue="slow"),
    "import.run": Kind("workers.imports:run", queue="slow"),
    "ingest.export": Kind("workers.exports:run", queue="slow"),
    "ingest.read": Kind("workers.hooks:run", pause=0.5),
    "ingest.poll": Kind("workers.polling:run_due", every=60),
    "ingest.fetch": Kind("workers.hooks:run_fetch", max_errors=20),
    "ingest.pull": Kind("workers.polling:run_pull"),
    "ingest.lookup": Kind("workers.polling:run_lookup"),
    "ingest.start_show": Kind("workers.polling:run_start", max_errors=20),
    "ingest.measure": Kind("workers.polling:run_measure"),
    "facts.tell": Kind("workers.outgoing:run_tell", pause=1),
    "facts.tell_all": Kind("workers.outgoing:run_tell_all", every=60),
    "outgoing.send": Kind("workers.outgoing:run_send"),
    "rewards.pay": Kind("workers.rewards:run", max_errors=20),
    "rewards.ask": Kind("workers.rewards:run_ask"),
    "rewards.cancel": Kind("workers.rewards:run_cancel"),
    "rewards.join": Kind("workers.rewards:run_join", max_errors=20),
    "rewards.drop": Kind("workers.rewards:run_drop"),
    "rewards.drop_due": Kind("workers.rewards:run_drop_due", every=3600),
    "rewards.ask_due": Kind("workers.rewards:run_due", every=60),
    "ingest.upkeep": Kind("workers.upkeep:run", every=3600),
}
