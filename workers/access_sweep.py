"""Forgets sessions that are over and counters of failed logins that no longer make anybody wait."""

from core.access import sessions, throttle
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """Delete both in one short step."""
    with job.step() as step:
        dropped = sessions.forget_old(step.session)
        throttle.forget_old(step.session)
        step.finish({"sessions": dropped})
