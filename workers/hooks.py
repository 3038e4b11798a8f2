"""Reads what SDKs and vendors sent: `ingest.read`, one tenant a job."""

from core.ingest.understanding import read_incoming
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    read_incoming(job)
