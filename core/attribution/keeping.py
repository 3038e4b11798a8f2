"""Keeping a full run's sums for the runs after it, when its result is stored."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from core import clock
from core.attribution.increment import count_alive
from core.attribution.journeys import Journeys
from core.attribution.kept import KeptRun, kept_path, write_kept
from core.attribution.lake_journeys import LakeBucket
from core.attribution.patterns import find_patterns, in_blocks
from core.attribution.pool import cores, map_in_order
from core.attribution.results import Credits
from core.attribution.sums import Places, Sums, add_all
from core.attribution.tails import MOST, BucketTails, find_tails, join_tails, only_grow
from core.lake.faults import passing
from core.lake.manifest import GRACE
from core.lake.opened import open_large, open_part

if TYPE_CHECKING:
    from core.attribution.execution import Plan

FORMAT = 5
"""Of the kept file and of all that is in it; another one is not read."""
WORTH = 300_000
"""With fewer touches a full run is as quick, and kept sums would only be more files."""


def question_of(plan: "Plan", options: dict[str, object]) -> str:
    """Names what a run asks, whatever the snapshot: runs of one name have the same models, keys and window."""
    asked = {
        "format": FORMAT,
        "options": options,
        "models": [(name, model.version) for name, model in plan.models.items()],
        "channels": plan.channels,
        "code": asdict(plan.code),
        "lags": asdict(plan.lags) if plan.lags else None,
        "wide": asdict(plan.upstream.wide) if plan.upstream else None,
    }
    return hashlib.sha256(json.dumps(asked, default=str, sort_keys=True).encode()).hexdigest()[:32]


def keep_sums(plan: "Plan", question: str, *, run: str, taken: datetime, credits: Credits) -> bool:
    """Leave what an increment needs, where it is worth it. A crash or a full disk leaves what was there before."""
    tenant_id = plan.snapshot.tenant_id
    path = kept_path(tenant_id, question)
    _sweep(path.parent)
    passing("sums.swept")
    if plan.snapshot.rows("touches") < WORTH or not plan.sources or set(credits.cells) != set(plan.models):
        return False
    open_large(tenant_id, plan.snapshot.parts)
    alive: list[Sums] = []
    met: list[Sums] = []
    tails: list[BucketTails] = []
    patterns = tuple(find_patterns(block) for block in in_blocks(_journeys(plan, alive, met, tails)))
    touches = [part for part in plan.snapshot.parts if part.kind == "touches"]
    kept = KeptRun(
        run,
        clock.to_us(taken),
        plan.snapshot,
        sum(len(open_part(tenant_id, part).person) for part in touches),
        credits.tally,
        patterns,
        add_all(alive),
        add_all(met),
        plan.upstream.above if plan.upstream else None,
        join_tails(tails) if tails else None,
    )
    passing("sums.counted")
    write_kept(path, kept)
    return True


def _journeys(plan: "Plan", alive: list[Sums], met: list[Sums], tails: list[BucketTails]) -> Iterator[Journeys]:
    """Those of each source; what else is counted of it goes into the lists."""
    look = partial(_look, with_tails=only_grow(plan.span) and plan.snapshot.rows("touches") <= MOST)
    for journeys, living, touches, tail in map_in_order(look, plan.sources, threads=cores()):
        alive.append(living)
        met.append(touches)
        tails += tail
        yield journeys


def _look(source: LakeBucket, *, with_tails: bool) -> tuple[Journeys, Sums, Sums, list[BucketTails]]:
    bucket = source.read()
    part = source.part_of(bucket)
    places = Places.of(part.cells())
    tails = [find_tails(bucket, source.span)] if with_tails else []
    return part.journeys.without_instants(), count_alive(part.journeys), places.sums([places.times()], []), tails


def _sweep(folder: Path) -> None:
    """Delete what no run will follow any more."""
    before = (clock.now() - GRACE).timestamp()
    for path in folder.glob("*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
