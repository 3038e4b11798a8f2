"""The dispatcher's loop: finds what is due and rings Redis; while Redis is away it tries again."""

import time

from redis import Redis
from redis.exceptions import RedisError

from core import settings
from core.db import Database, connect, platform_writing
from core.jobs.dispatcher import dispatch
from core.jobs.pauses import Pauses
from core.jobs.schedules import declare_standing
from core.logs import logger, start_logging
from workers.entry import ring

log = logger(__name__)
IDLE_SECONDS = 0.2
BROKEN_SECONDS = 1.0


def run_dispatcher(redis_url: str) -> None:
    """Loop until killed. A broken round is logged and the next one tries again: nothing is lost, only late."""
    start_logging(settings.current().log_level)
    connect(Database(settings.current().database))
    redis = Redis.from_url(redis_url, socket_timeout=5)
    declared, pauses = False, Pauses()
    while True:
        try:
            declared = declared or _declare()
            rung = dispatch(ring=lambda queue, job_id, attempt: ring(redis, queue, job_id, attempt), pauses=pauses)
            time.sleep(0 if rung else IDLE_SECONDS)
        except RedisError as error:
            log.warning("Redis does not answer: %s", type(error).__name__)
            time.sleep(BROKEN_SECONDS)
        except Exception:
            log.exception("a dispatcher round failed")
            time.sleep(BROKEN_SECONDS)


def _declare() -> bool:
    with platform_writing() as session:
        declare_standing(session)
    return True
