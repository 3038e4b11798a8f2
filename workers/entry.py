"""What runs on RQ: the bell's other end. The parent opens no database; every forked horse makes its own."""

import ctypes
import signal
import sys
import uuid
from importlib import import_module

from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from core import settings
from core.attribution.spark.sessions import stop_spark
from core.db import Database, connect
from core.db.slices import load_models
from core.jobs import runner
from core.jobs.kinds import KINDS
from core.loading import loading
from core.logs import start_logging

JOB_TIMEOUT = 4 * 3600
LOADED_BESIDE = {"quick": ("httpx",), "slow": ("pandas",)}
"""What is imported late: by plugins that reach a vendor, by pyarrow when it first sees a table."""

PR_SET_PDEATHSIG = 1


def ring(redis: "Redis", queue: str, job_id: uuid.UUID, attempt: int) -> None:
    """Put `(job_id, attempt)` on RQ's queue. No RQ retry, scheduler or result: truth is in the job table."""
    Queue(queue, connection=redis, serializer=JSONSerializer).enqueue(
        "workers.entry.run_job",
        str(job_id),
        attempt,
        job_id=f"{job_id}-{attempt}-{uuid.uuid4().hex[:8]}",
        result_ttl=0,
        failure_ttl=60,
        job_timeout=JOB_TIMEOUT,
    )


def run_job(job_id: str, attempt: int) -> None:
    """Run one job in a fresh horse, which dies with its parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    connect(Database(settings.current().database))
    try:
        runner.run_job(uuid.UUID(job_id), attempt)
    finally:
        stop_spark()  # a horse ends without what Python does at its end


def work(queue: str, redis_url: str) -> None:
    """A worker of one queue, until it is told to stop."""
    start_logging(settings.current().log_level)
    with loading():
        _load_work(queue)
    redis = Redis.from_url(redis_url)
    worker = Worker([queue], connection=redis, serializer=JSONSerializer, worker_ttl=30, maintenance_interval=30)
    worker.work(with_scheduler=False, logging_level="WARNING")


def _load_work(queue: str) -> None:
    """Import once here what every horse of this queue would import again: a quarter of a second a job."""
    load_models()
    for name in LOADED_BESIDE[queue]:
        import_module(name)
    for kind in KINDS.values():
        if kind.queue == queue:
            kind.resolve()
