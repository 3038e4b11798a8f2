"""Making a run: snapshot, a pass over the buckets, a solve, one transaction that stores the result."""

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa
from sqlalchemy.orm import Session

from core import clock
from core.attribution.catalog import choose_models, rule_named
from core.attribution.days import EPOCH
from core.attribution.engine import credit
from core.attribution.engines import Engine, attribute_lake
from core.attribution.following import Followed, find_followed, increment_of
from core.attribution.inviters import load_above, widen
from core.attribution.journeys import DAY_US
from core.attribution.keeping import keep_sums, question_of
from core.attribution.known_models import all_models
from core.attribution.lake_journeys import LakeBucket, Span, lake_sources
from core.attribution.lifts import MeasuredLift
from core.attribution.matching import Cut, Window
from core.attribution.maturing import LagCode
from core.attribution.model_kinds import AnyModel
from core.attribution.models import AttributionRun
from core.attribution.packing import CellCode
from core.attribution.plugin_models import BrokenModel
from core.attribution.repeating import chosen_lifts, chosen_snapshot
from core.attribution.results import Credits
from core.attribution.runs import Detail, find_run, forget_older
from core.attribution.storing import store_result
from core.attribution.trimming import DirectTouches, Trimming, Visitors, kind_weights
from core.attribution.upstream import UPSTREAM, Upstream
from core.channels.service import direct_among, direct_channel, list_channels
from core.contacts.models import Contact
from core.db import reading
from core.lake.faults import passing
from core.lake.manifest import Snapshot
from core.lake.memory import kept_memory
from core.logs import logger
from core.placements.models import Placement
from core.tenants.currencies import MINOR_DIGITS

log = logger(__name__)
TICK_SECONDS = 1.0
DETAILED_TOUCHES = 5_000_000
"""Up to here what explains a run is made without being asked for."""
Door = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run needs, read in one transaction. until_us: the instant to which orders are known."""

    snapshot: Snapshot
    span: Span
    sources: Sequence[LakeBucket]
    code: CellCode
    minor: int
    channels: int
    models: Mapping[str, AnyModel]
    upstream: Upstream | None
    lifts: Sequence[MeasuredLift]
    lags: LagCode | None
    until_us: int
    engine: Engine


@dataclass(frozen=True, slots=True)
class Made:
    """A run that has been made; followed: what it started from, if it was an increment."""

    run_id: uuid.UUID
    taken: datetime
    plan: Plan
    question: str
    followed: Followed | None
    credits: Credits

    def keep(self) -> bool:
        """Leave a full run's sums for the runs after it; whether any were left."""
        if self.followed is not None or self.plan.engine is not Engine.LOCAL:
            return False
        return keep_sums(self.plan, self.question, run=str(self.run_id), taken=self.taken, credits=self.credits)


def execute_run(tenant_id: int, run_id: uuid.UUID, *, door: Door) -> Made | None:
    """Make the run and store it; None if it was made before. Made again from its beginning if it was interrupted.

    Args:
        door: opens a writing transaction of the tenant (a job's step).
    """
    began, taken = time.monotonic(), clock.now()
    with reading(tenant_id) as session:
        run = find_run(session, str(run_id))
        if run.state == "done":
            return None
        plan = plan_run(session, run)
        question = question_of(plan, asked_of(run, plan.span.trimming))
        followed = find_followed(session, plan, question) if plan.engine is Engine.LOCAL else None
    passing("run.planned")
    credits = None if followed is None else _follow(plan, followed)
    if credits is None:
        followed, credits = None, _attribute(plan, _Ticker(run_id, len(plan.sources), door))
    passing("run.counted")
    with door() as session:
        run = find_run(session, str(run_id))
        store_result(session, run, plan, credits)
        run.followed = uuid.UUID(followed.kept.run) if followed else None
        run.changed_contacts = followed.changes.count if followed else None
        run.seconds = round(time.monotonic() - began, 3)
        if run.preset:
            forget_older(session, run)
        passing("run.staged")
    passing("run.stored")
    return Made(run_id, taken, plan, question, followed, credits)


def fail_run(session: Session, run_id: uuid.UUID, reason: str) -> None:
    """Note why a run could not be made."""
    run = find_run(session, str(run_id))
    run.state, run.error, run.finished_at = "failed", reason[:500], clock.now()


@dataclass
class _Ticker:
    """Tells the run row how far it is, at most once a second."""

    run_id: uuid.UUID
    total: int
    door: Door
    told_at: float = 0.0

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.told_at >= TICK_SECONDS:
            self._tell(done)

    def _tell(self, done: int) -> None:
        with self.door() as session:
            values = {"state": "running", "progress_done": done, "progress_total": self.total}
            update = sa.update(AttributionRun).where(AttributionRun.id == self.run_id).values(**values)
            session.execute(update, execution_options={"synchronize_session": False})
        self.told_at = time.monotonic()


def span_of(run: AttributionRun) -> Span:
    """The run's window in microseconds."""
    window = Window(round(run.lookback_days * DAY_US), Cut(run.cut))
    return Span(day_start_us(run.from_day, run.zone), day_start_us(run.to_day, run.zone), window, run.zone)


def chosen_span(session: Session, run: AttributionRun) -> Span:
    """The same with the run's choices of touches."""
    return replace(span_of(run), trimming=trimming_of(session, run, direct=direct_channel(session).number))


def trimming_of(session: Session, run: AttributionRun, *, direct: int) -> Trimming:
    """Which touches take part in the run. direct: the number of the direct channel."""
    strangers = None
    if run.visitors == Visitors.LEAVE_OUT:
        query = sa.select(Contact.number).where(Contact.joined_at.is_(None)).order_by(Contact.number)
        strangers = np.fromiter(session.scalars(query), np.int64)
    return Trimming(
        run.collapse,
        DirectTouches(run.direct_touches),
        direct,
        kind_weights(run.kind_weights),
        strangers,
    )


def day_start_us(day: date, zone: str) -> int:
    """Microseconds UTC of a local midnight."""
    return clock.to_us(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)).astimezone(UTC))


def models_of(run: AttributionRun, *, direct: int) -> dict[str, AnyModel]:
    """The run's models, with its options. direct: the number of the direct channel."""
    known = all_models(half_life_us=half_life_us(run), direct=direct)
    return choose_models(known, names=[name for name in run.models if name != UPSTREAM])


def half_life_us(run: AttributionRun) -> int:
    """Of time decay."""
    return round(run.half_life_days * DAY_US)


def plan_run(session: Session, run: AttributionRun) -> Plan:
    """The newest snapshot, by the run's options."""
    snapshot = chosen_snapshot(session, run)
    first_day = (run.from_day - EPOCH).days - int(run.lookback_days) - 2
    placements = (session.scalar(sa.select(sa.func.max(Placement.number))) or 0) + 1
    detailed = _is_detailed(run, snapshot)
    code = CellCode(placements, first_day, (run.to_day - EPOCH).days + 2 - first_day, by_order=detailed)
    minor: int = 10 ** MINOR_DIGITS[run.currency]
    channels = list_channels(session)
    direct = direct_among(channels).number
    span = replace(span_of(run), trimming=trimming_of(session, run, direct=direct))
    upstream = upstream_of(session, run, code, direct=direct)
    lags = LagCode(code.days, int(run.lookback_days)) if detailed else None
    return Plan(
        snapshot,
        span,
        lake_sources(snapshot, span, code, minor=minor, upstream=upstream, lags=lags),
        code,
        minor,
        channels[-1].number + 1,
        models_of(run, direct=direct),
        upstream,
        chosen_lifts(session, run, span, minor=minor),
        lags,
        min(clock.to_us(clock.now()), span.end_us),
        Engine(run.engine),
    )


def _is_detailed(run: AttributionRun, snapshot: Snapshot) -> bool:
    if run.detail == Detail.AUTO:
        return snapshot.rows("touches") <= DETAILED_TOUCHES
    return run.detail == Detail.FULL


def upstream_of(session: Session, run: AttributionRun, code: CellCode, *, direct: int) -> Upstream | None:
    """The run's `upstream` model, if it has one. direct: the number of the direct channel."""
    if not run.upstream_share:
        return None
    base = rule_named(run.upstream_base, half_life_us=half_life_us(run), direct=direct)
    above = load_above(session, zone=run.zone)
    return Upstream(run.upstream_share, run.upstream_depth, base, above, code, widen(code, above.day))


def asked_of(run: AttributionRun, trimming: Trimming) -> dict[str, object]:
    """Everything beside the plan that decides what a run's sums are. trimming: the run's own."""
    names = ("from_day", "to_day", "zone", "currency", "lookback_days", "half_life_days", "cut", "version")
    upstream = ("upstream_share", "upstream_depth", "upstream_base")
    choices = ("collapse", "direct_touches", "visitors", "kind_weights")
    asked = {name: getattr(run, name) for name in (*names, *upstream, *choices)}
    strangers = trimming.strangers
    # Who is a stranger changes without any fact in the lake changing.
    known = "" if strangers is None else hashlib.sha256(strangers.tobytes()).hexdigest()
    return asked | {"direct": trimming.direct_channel, "strangers": known}


def _follow(plan: Plan, followed: Followed) -> Credits | None:
    """The credits by an increment; None where it cannot be made, and everybody is to be counted."""
    try:
        passes = increment_of(plan, followed)
        with kept_memory(hand_back=False):
            return credit(passes, models=plan.models, channels=plan.channels, width=plan.code.width)
    except (OSError, ValueError, BrokenModel) as reason:
        log.warning("an increment could not be made (%s); everybody is counted", reason)
        return None


def _attribute(plan: Plan, tick: _Ticker) -> Credits:
    """The credits; a plugin's model that breaks is left out and the others are counted again."""
    if plan.engine is not Engine.LOCAL:
        tick(0)  # our own threads tell it themselves, once they are at work
    with kept_memory(hand_back=False):
        while True:
            try:
                return attribute_lake(
                    plan.engine,
                    plan.sources,
                    snapshot=plan.snapshot,
                    models=plan.models,
                    channels=plan.channels,
                    width=plan.code.width,
                    tick=tick,
                )
            except BrokenModel as broken:
                log.warning("%s", broken.message)
                plan = replace(plan, models={name: one for name, one in plan.models.items() if name != broken.name})
