"""Reads an uploaded export of a vendor: `ingest.export` with the ids of channel and file."""

from core.ingest.exports import read_export
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """Read the file."""
    read_export(job)
