"""Polling channels: what is due, one channel's pull, one channel's look-up of messages on their way."""

from core.ingest.measuring import measure
from core.ingest.polling import look_up, pull, submit_due_polls
from core.jobs.running import RunningJob


def run_due(job: RunningJob) -> None:
    """Submit a job for every channel that has something to fetch."""
    submit_due_polls()


def run_pull(job: RunningJob) -> None:
    """Fetch one channel's news."""
    pull(job)


def run_lookup(job: RunningJob) -> None:
    """Ask about one channel's messages."""
    look_up(job)


def run_measure(job: RunningJob) -> None:
    """Ask how one channel's placements do."""
    measure(job)
