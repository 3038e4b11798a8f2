"""Takes in an uploaded file: `import.run` with the import's id."""

from core.ingest.importing import run_import
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    run_import(job)
