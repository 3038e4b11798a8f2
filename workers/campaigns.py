"""Sends a campaign in batches."""

from core.campaigns.sending import send
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """Work on one campaign."""
    send(job)
