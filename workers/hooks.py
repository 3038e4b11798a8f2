"""Reads what SDKs and vendors sent: `ingest.read`, one tenant a job; `ingest.fetch` gets what a webhook only named."""

from core.ingest.fetching import fetch_announced
from core.ingest.understanding import read_incoming
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    read_incoming(job)


def run_fetch(job: RunningJob) -> None:
    fetch_announced(job)
