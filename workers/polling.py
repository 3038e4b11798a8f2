"""Polling channels: what is due, one channel's pull, one channel's look-up of messages on their way."""

from core.ingest.measuring import measure
from core.ingest.polling import look_up, pull, submit_due_polls
from core.ingest.starting import start_show, submit_due_starts
from core.jobs.running import RunningJob


def run_due(job: RunningJob) -> None:
    """Submit a job for every channel that has something to fetch, and for every show that has begun."""
    submit_due_polls()
    submit_due_starts()


def run_start(job: RunningJob) -> None:
    """Tell a vendor that one show has begun."""
    start_show(job)


def run_pull(job: RunningJob) -> None:
    """Fetch one channel's news."""
    pull(job)


def run_lookup(job: RunningJob) -> None:
    """Ask about one channel's messages."""
    look_up(job)


def run_measure(job: RunningJob) -> None:
    """Ask how one channel's placements do."""
    measure(job)
