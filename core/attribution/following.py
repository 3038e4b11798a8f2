"""Which run another may follow: the kept sums of the same question over an earlier snapshot, and who changed since."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from core import clock
from core.attribution.further import Contacts
from core.attribution.increment import ChangedGroup, Increment, group_changes
from core.attribution.journeys import Ints
from core.attribution.kept import KeptRun, kept_path, read_kept
from core.attribution.pool import cores
from core.attribution.upstream_changes import below_changes
from core.db import reading
from core.lake.changes import among, contacts_in, further_touches, news_between
from core.lake.facts import TouchFacts, take
from core.lake.manifest import GRACE
from core.lake.picking import Shelf
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
    """The run to follow, and int32[n] contacts to count again; further: what came to those of them for whom nothing
    else did, in order."""

    kept: KeptRun
    contacts: Contacts
    further: TouchFacts


def find_followed(plan: "Plan", question: str) -> Followed | None:
    """What an increment can start from; None: everybody is to be counted."""
    kept = _kept_of(plan, question)
    if kept is None or not timedelta(0) <= clock.now() - clock.from_us(kept.taken_us) < LONGEST:
        return None
    with reading(plan.snapshot.tenant_id) as session:
        news = news_between(session, kept.snapshot, plan.snapshot)
    if news is None:
        return None
    contacts = contacts_in(plan.snapshot.tenant_id, news)
    below: Ints | Contacts = contacts[:0]
    if plan.upstream is not None and kept.above is not None:
        below = below_changes(kept.above, plan.upstream.above, depth=plan.upstream.depth)
        contacts = np.union1d(contacts, below).astype(np.int32)
    if len(contacts) * MOST_CHANGED > kept.contacts:
        return None
    further = further_touches(kept.snapshot, news)
    return Followed(kept, contacts, take(further, ~among(below, further.contact)) if len(below) else further)


def increment_of(plan: "Plan", followed: Followed) -> Increment:
    """The passes over who changed."""
    kept, upstream = followed.kept, plan.upstream
    if upstream is not None and kept.above is not None:
        upstream = replace(upstream, above=kept.above)
    now = replace(plan.sources[0], snapshot=plan.snapshot)
    was = replace(now, snapshot=kept.snapshot, upstream=upstream)
    shelf = Shelf(now.snapshot.tenant_id)
    grouped = group_changes(followed.contacts, followed.further)
    groups = [ChangedGroup(contacts, further, was, now, shelf) for contacts, further in grouped]
    return Increment(kept, groups, plan.models, plan.channels, plan.code.width, plan.minor, cores())


def _kept_of(plan: "Plan", question: str) -> KeptRun | None:
    if not plan.sources:
        return None
    try:
        return read_kept(kept_path(plan.snapshot.tenant_id, question))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as damage:
        log.warning("the sums that a run left cannot be read (%s); everybody is counted", damage)
        return None
