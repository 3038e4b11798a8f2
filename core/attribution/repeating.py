"""Running again what was run before: with the same options, on the files of the same snapshot or on the newest ones."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from core.attribution.engines import Engine
from core.attribution.lake_journeys import Span
from core.attribution.lifts import MeasuredLift, lifts_within, read_kept
from core.attribution.matching import Cut
from core.attribution.models import AttributionRun
from core.attribution.runs import Detail, RunOptions, add_run, submit_run
from core.attribution.trimming import DirectTouches, Visitors
from core.attribution.upstream import UPSTREAM
from core.errors import Conflict
from core.lake.manifest import Part, Snapshot, parts_at, take_snapshot

GONE = (
    "The files of that run's snapshot are gone: they stay for five hours after newer ones replaced them. "
    "Run it on the newest snapshot."
)


def options_of(run: AttributionRun) -> RunOptions:
    """What the run was asked for."""
    return RunOptions(
        run.from_day,
        run.to_day,
        run.lookback_days,
        run.half_life_days,
        Cut(run.cut),
        tuple(name for name in run.models if name != UPSTREAM),
        run.upstream_share,
        run.upstream_depth,
        run.upstream_base,
        run.calibrate,
        Detail(run.detail),
        run.collapse,
        DirectTouches(run.direct_touches),
        Visitors(run.visitors),
        dict(run.kind_weights),
        Engine(run.engine),
    )


def repeat_run(session: Session, run: AttributionRun, *, on_same_snapshot: bool) -> AttributionRun:
    """Put down the same run once more, and the job that makes it.

    Raises:
        Conflict: the run is not finished, or the files of its snapshot are gone.
        Invalid: one of its models is no longer there.
    """
    if run.state != "done":
        raise Conflict(f"The run is {run.state}; it can be run again when it is done.")
    again = add_run(session, options_of(run))
    again.repeats = run.id
    if on_same_snapshot:
        find_snapshot(session, run.snapshot)
        again.zone, again.currency, again.snapshot = run.zone, run.currency, dict(run.snapshot)
        again.measured, again.settled = run.measured, run.settled
    return submit_run(session, again)


def describe_snapshot(snapshot: Snapshot) -> dict[str, object]:
    """What a run keeps of it, to find it again."""
    return {"generation": snapshot.generation, "bits": snapshot.bits, "files": _digest_of(snapshot.parts)}


def chosen_snapshot(session: Session, run: AttributionRun) -> Snapshot:
    """The one that the run was told to be made of, or else the newest.

    Raises:
        Conflict: its files are gone.
    """
    return find_snapshot(session, run.snapshot) if run.snapshot else take_snapshot(session)


def chosen_lifts(session: Session, run: AttributionRun, span: Span, *, minor: int) -> list[MeasuredLift]:
    """What experiments measured: as it was then, where the run is to be made of an earlier one's snapshot."""
    return [read_kept(one) for one in run.measured] if run.snapshot else lifts_within(session, span, minor=minor)


def find_snapshot(session: Session, described: Mapping[str, object]) -> Snapshot:
    """As it was, if the manifest still names all of its files.

    Raises:
        Conflict: it does not.
    """
    now = take_snapshot(session)
    generation = int(str(described.get("generation", -1)))
    parts = parts_at(session, generation)
    if described.get("files") != _digest_of(parts):
        raise Conflict(GONE)
    return replace(now, generation=generation, bits=int(str(described["bits"])), parts=parts)


def _digest_of(parts: tuple[Part, ...]) -> str:
    """Names are random: equal ones are the same files, also after a backup was restored."""
    return hashlib.sha256("\n".join(sorted(part.name for part in parts)).encode()).hexdigest()[:32]
