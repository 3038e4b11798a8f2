"""Pays what cards earned, asks what became of it, takes back; one payout a job."""

from core.jobs.running import RunningJob
from core.rewards.asking import ask, cancel, submit_due_questions
from core.rewards.dropping import drop_codes, submit_drops
from core.rewards.joining import make_codes
from core.rewards.paying import pay


def run(job: RunningJob) -> None:
    """Pay one reward."""
    pay(job)


def run_ask(job: RunningJob) -> None:
    """Ask about one payout."""
    ask(job)


def run_cancel(job: RunningJob) -> None:
    """Take one payout back."""
    cancel(job)


def run_join(job: RunningJob) -> None:
    """Have a channel's live codes made."""
    make_codes(job)


def run_drop(job: RunningJob) -> None:
    """Delete a channel's live codes that nobody needs."""
    drop_codes(job)


def run_drop_due(job: RunningJob) -> None:
    """Submit a job for every channel with live codes that nobody needs."""
    submit_drops()


def run_due(job: RunningJob) -> None:
    """Submit a question for every payout that is due for one."""
    submit_due_questions()
