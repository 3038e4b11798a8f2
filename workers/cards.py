"""Moves many cards, or reads a packing list of them: `cards.move` with the id of the move."""

from core.cards.lists import work_list
from core.cards.models import CardMove
from core.cards.moving import work_range
from core.db import find, reading
from core.jobs.running import RunningJob


def run(job: RunningJob) -> None:
    """Do what the move says."""
    assert job.tenant_id is not None
    with reading(job.tenant_id) as session:
        move = find(session, CardMove, str(job.args["move"]))
        session.expunge(move)
    if move.deed == "list":
        work_list(job, move)
    else:
        work_range(job, move)
