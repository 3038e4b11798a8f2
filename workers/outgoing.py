"""Telling facts to the outside, and sending the messages of one endpoint."""

from core.jobs.running import RunningJob
from core.outgoing.sending import send
from core.outgoing.telling import tell, tell_all


def run_tell(job: RunningJob) -> None:
    """What a brand recorded since it was last told."""
    tell(job)


def run_tell_all(job: RunningJob) -> None:
    """Ask every brand that tells anybody."""
    tell_all(job)


def run_send(job: RunningJob) -> None:
    """One endpoint's messages that are due."""
    send(job)
