"""Uploads, refused rows and other raw leftovers go when their time is over: `ingest.upkeep`, for every tenant."""

import sqlalchemy as sa

from core.db import platform_reading, writing
from core.files.service import expire_files
from core.ingest.calls import expire_calls
from core.ingest.early import expire_early
from core.ingest.rejects import expire_rejects
from core.jobs.running import RunningJob
from core.outgoing.service import expire_messages
from core.placements.cards import expire_answers
from core.placements.refused import expire_refused
from core.tenants.models import Tenant

EXPIRIES = (
    expire_files,
    expire_rejects,
    expire_early,
    expire_calls,
    expire_answers,
    expire_refused,
    expire_messages,
)


def run(job: RunningJob) -> None:
    with platform_reading() as session:
        numbers = list(session.scalars(sa.select(Tenant.number)))
    for number in numbers:
        for expire in EXPIRIES:
            going_on = True
            while going_on:
                with writing(number) as session:
                    going_on = expire(session) > 0
