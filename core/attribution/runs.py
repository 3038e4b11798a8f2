"""Runs: asked for, listed, kept fresh for the usual windows."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock, settings
from core.attribution.catalog import DEFAULT_MODELS, HEURISTICS
from core.attribution.engines import Engine
from core.attribution.heuristics import SHORTEST_HALF_LIFE
from core.attribution.known_models import all_models
from core.attribution.matching import Cut
from core.attribution.models import UPSTREAM_BASE, AttributionCredit, AttributionRun
from core.attribution.shapley import EXACT_CHANNELS
from core.attribution.trimming import MOST_WEIGHT, DirectTouches, Visitors
from core.attribution.upstream import DEEPEST, MOST_SHARE, UPSTREAM
from core.channels.service import list_channels
from core.db import find, tenant_of
from core.errors import FieldError, Invalid, NotFound
from core.jobs import service as jobs
from core.lake.facts import KIND_CODES
from core.tenants.service import tenant_now

VERSION = "4"
"""Of the engine; a run made by another version is made again."""
PRESETS = ("7", "30", "90", "all")
FIRST_DAY = date(2015, 1, 1)
ABANDONED = timedelta(hours=1)
"""A run that is not done after this long will not be; a younger one may be another worker's."""
LONGEST_LOOKBACK = 3650
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
"""Windows lie between: instants far outside cannot be told in every zone."""


class Detail(StrEnum):
    """Whether a run makes what explains it: always, never, or where it costs little."""

    AUTO = "auto"
    FULL = "full"
    BRIEF = "brief"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run is asked for; models: names, the usual ones when empty. upstream_share: above 0 adds the model
    `upstream`; calibrate: whether measured channels are scaled to their lift; detail: whether intervals are made;
    engine: the configured one when None. collapse, direct_touches,
    visitors, kind_weights: see trimming.py."""

    from_day: date
    to_day: date
    lookback_days: float = 90.0
    half_life_days: float = 7.0
    cut: Cut = Cut.PREVIOUS_ORDER
    models: Sequence[str] = ()
    upstream_share: float = 0.0
    upstream_depth: int = 3
    upstream_base: str = UPSTREAM_BASE
    calibrate: bool = False
    detail: Detail = Detail.AUTO
    collapse: bool = False
    direct_touches: DirectTouches = DirectTouches.KEEP
    visitors: Visitors = Visitors.COUNT
    kind_weights: Mapping[str, float] = field(default_factory=dict)
    engine: Engine | None = None


def request_run(session: Session, options: RunOptions) -> AttributionRun:
    """Put down a run and the job that makes it.

    Raises:
        Invalid: an empty window, options out of range, an unknown model.
    """
    _check(options)
    return submit_run(session, add_run(session, options))


def submit_run(session: Session, run: AttributionRun) -> AttributionRun:
    """Put down the job that makes it."""
    job = jobs.submit(session, "attribution.run", {"run": str(run.id)}, tenant_id=tenant_of(session))
    run.job_id = job.id
    session.flush()
    return run


def add_run(session: Session, options: RunOptions, *, preset: str | None = None) -> AttributionRun:
    """Put down a run of the bound tenant, in its time zone and currency."""
    tenant = tenant_now(session)
    known = all_models()
    asked = [name for name in dict.fromkeys(options.models) if name != UPSTREAM]
    names = asked or usual_models(session)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid(fields=[FieldError("models", "unknown", f"There is no model {unknown[0]!r}: {', '.join(known)}")])
    run = AttributionRun(
        preset=preset,
        from_day=options.from_day,
        to_day=options.to_day,
        zone=tenant.timezone,
        currency=tenant.currency,
        lookback_days=options.lookback_days,
        half_life_days=options.half_life_days,
        cut=options.cut.value,
        upstream_share=options.upstream_share,
        upstream_depth=options.upstream_depth,
        upstream_base=options.upstream_base,
        calibrate=options.calibrate,
        detail=options.detail.value,
        collapse=options.collapse,
        direct_touches=options.direct_touches.value,
        visitors=options.visitors.value,
        kind_weights=dict(options.kind_weights),
        engine=(options.engine or Engine(settings.current().attribution_engine)).value,
        models={name: known[name].version for name in names} | ({UPSTREAM: "1"} if options.upstream_share else {}),
        version=VERSION,
    )
    session.add(run)
    session.flush()
    return run


def usual_models(session: Session) -> list[str]:
    """Heuristics, Markov, Shapley as long as it is exact, and every model of a plugin."""
    exact = len(list_channels(session)) <= EXACT_CHANNELS
    own = [name for name in all_models() if name not in _BUILT_IN]
    return [*DEFAULT_MODELS, *(["shapley"] if exact else []), *own]


def find_run(session: Session, run_id: str) -> AttributionRun:
    """One run of the bound tenant."""
    return find(session, AttributionRun, run_id)


def newest_run(session: Session) -> AttributionRun:
    """The newest finished run over all time, or the newest finished one.

    Raises:
        NotFound: none is finished yet.
    """
    done = sa.select(AttributionRun).where(AttributionRun.state == "done").order_by(AttributionRun.id.desc()).limit(1)
    run = session.scalar(done.where(AttributionRun.preset == "all")) or session.scalar(done)
    if run is None:
        raise NotFound("There is no finished run yet; start one, or wait for the first orders.")
    return run


def list_runs(session: Session, *, before: uuid.UUID | None = None, limit: int = 50) -> list[AttributionRun]:
    """Newest first."""
    query = sa.select(AttributionRun).order_by(AttributionRun.id.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(AttributionRun.id < before)))


def find_given_up(session: Session, runs: Sequence[AttributionRun]) -> set[uuid.UUID]:
    """Those of the runs that nobody works on any more: their jobs were given up, or cancelled, before the end."""
    waiting = {run.job_id: run.id for run in runs if run.job_id is not None and run.state in ("queued", "running")}
    return {waiting[job] for job in jobs.find_given_up(session, waiting, owner=tenant_of(session))}


def preset_options(session: Session, preset: str) -> RunOptions:
    """The window of a preset: its last day is today, on the tenant's calendar."""
    today = clock.now().astimezone(ZoneInfo(tenant_now(session).timezone)).date()
    start = FIRST_DAY if preset == "all" else today - timedelta(days=int(preset) - 1)
    return RunOptions(start, today + timedelta(days=1))


def is_fresh(session: Session, preset: str, options: RunOptions, *, generation: int) -> bool:
    """Whether the preset's run is of this window, snapshot, setting and code."""
    tenant = tenant_now(session)
    run = session.scalar(
        sa.select(AttributionRun)
        .where(AttributionRun.preset == preset, AttributionRun.state == "done")
        .order_by(AttributionRun.id.desc())
        .limit(1)
    )
    if run is None:
        return generation == 0
    return (run.generation, run.from_day, run.to_day, run.zone, run.currency, run.version, sorted(run.models)) == (
        generation,
        options.from_day,
        options.to_day,
        tenant.timezone,
        tenant.currency,
        VERSION,
        sorted(usual_models(session)),
    )


def forget_older(session: Session, run: AttributionRun) -> None:
    """Delete the runs of the same preset that this one replaces, except the one it started from."""
    ended = sa.or_(AttributionRun.state.in_(("done", "failed")), AttributionRun.created_at < clock.now() - ABANDONED)
    older = sa.select(AttributionRun.id).where(AttributionRun.preset == run.preset, AttributionRun.id < run.id, ended)
    ids = [one for one in session.scalars(older.limit(200)) if one != run.followed]
    session.execute(sa.delete(AttributionCredit).where(AttributionCredit.run_id.in_(ids)))
    session.execute(sa.delete(AttributionRun).where(AttributionRun.id.in_(ids)))


def _check(options: RunOptions) -> None:
    wrong = []
    if options.from_day >= options.to_day:
        wrong.append(FieldError("to", "range", "The window ends before it begins."))
    if options.from_day < EARLIEST or options.to_day > LATEST:
        field = "from" if options.from_day < EARLIEST else "to"
        wrong.append(FieldError(field, "range", f"Give days from {EARLIEST} to {LATEST}."))
    if not 0 <= options.lookback_days <= LONGEST_LOOKBACK:
        wrong.append(FieldError("lookback_days", "range", f"Give 0 to {LONGEST_LOOKBACK} days."))
    if not SHORTEST_HALF_LIFE <= options.half_life_days <= LONGEST_LOOKBACK:
        said = f"Give {SHORTEST_HALF_LIFE} to {LONGEST_LOOKBACK} days."
        wrong.append(FieldError("half_life_days", "range", said))
    if not 0 <= options.upstream_share <= MOST_SHARE:
        wrong.append(FieldError("upstream_share", "range", f"Give 0 (off) to {MOST_SHARE}."))
    if UPSTREAM in options.models and not options.upstream_share:
        wrong.append(FieldError("upstream_share", "required", "The model upstream needs a share above 0."))
    if not 1 <= options.upstream_depth <= DEEPEST:
        wrong.append(FieldError("upstream_depth", "range", f"Give 1 to {DEEPEST} levels."))
    if options.upstream_base not in HEURISTICS:
        wrong.append(FieldError("upstream_base", "unknown", f"It is one of {', '.join(HEURISTICS)}."))
    wrong += [
        FieldError("kind_weights", "unknown", f"{kind[:40]!r} is no kind of touch; there are {', '.join(KIND_CODES)}.")
        for kind in options.kind_weights
        if kind not in KIND_CODES
    ]
    if any(not 0 <= weight <= MOST_WEIGHT for weight in options.kind_weights.values()):
        wrong.append(FieldError("kind_weights", "range", f"Give 0 (left out) to {MOST_WEIGHT} for each kind."))
    if wrong:
        raise Invalid(fields=wrong)


_BUILT_IN = frozenset({*DEFAULT_MODELS, "markov_2", "markov_3", "markov_4", "shapley"})
