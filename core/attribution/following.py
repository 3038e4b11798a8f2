"""Which run another may follow: the kept sums of the same question over an earlier snapshot, and who changed since."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from core import clock
from core.attribution.changed import Changed
from core.attribution.increment import Increment
from core.attribution.kept import KeptRun, kept_path, read_kept
from core.attribution.pool import cores
from core.attribution.upstream_changes import below_changes
from core.lake.changes import Changes, changes_in, news_between
from core.lake.manifest import GRACE
from core.logs import logger

if TYPE_CHECKING:
    from core.attribution.execution import Plan

log = logger(__name__)
LONGEST = timedelta(hours=4)
"""Sums older than this are made anew, well before the files of their snapshot go."""
MOST_CHANGED = 8
"""When more than an eighth of the contacts changed, everybody is counted."""

assert LONGEST < GRACE, "the files of the old snapshot are read"


@dataclass(frozen=True, slots=True)
class Followed:
    """The run to follow, and what changed since."""

    kept: KeptRun
    changes: Changes


def find_followed(session: Session, plan: "Plan", question: str) -> Followed | None:
    """What an increment can start from; None: everybody is to be counted."""
    found = _kept_of(plan, question)
    if found is None:
        return None
    kept, is_whole = found
    followed = _followed(session, plan, kept)
    if followed is not None and not is_whole.result():
        log.warning("the sums that a run left are damaged; everybody is counted")
        return None
    return followed


def _followed(session: Session, plan: "Plan", kept: KeptRun) -> Followed | None:
    if not timedelta(0) <= clock.now() - clock.from_us(kept.taken_us) < LONGEST:
        return None
    news = news_between(session, kept.snapshot, plan.snapshot)
    if news is None:
        return None
    changes = changes_in(plan.snapshot.tenant_id, news)
    if plan.upstream is not None and kept.above is not None:
        below = below_changes(kept.above, plan.upstream.above, depth=plan.upstream.depth)
        changes = changes.with_others(below)
    return None if changes.count * MOST_CHANGED > kept.contacts else Followed(kept, changes)


def increment_of(plan: "Plan", followed: Followed) -> Increment:
    """The passes over who changed."""
    kept, upstream = followed.kept, plan.upstream
    if upstream is not None and kept.above is not None:
        upstream = replace(upstream, above=kept.above)
    now = replace(plan.sources[0], snapshot=plan.snapshot)
    was = replace(now, snapshot=kept.snapshot, upstream=upstream)
    changed = Changed(followed.changes, was, now, kept.tails)
    return Increment(kept, changed, plan.models, plan.channels, plan.code.width, plan.minor, cores())


def _kept_of(plan: "Plan", question: str) -> tuple[KeptRun, Future[bool]] | None:
    if not plan.sources:
        return None
    try:
        return read_kept(kept_path(plan.snapshot.tenant_id, question))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as damage:
        log.warning("the sums that a run left cannot be read (%s); everybody is counted", damage)
        return None
