"""Live codes that nobody needs any more are deleted at the vendor, which keeps a limited number of them.

A code is wanted while its card's page may still be opened: until a month after the placement's end or the redemption,
whichever is later. It is not wanted once the placement or the channel is archived, or its person is erased. The
reference stays known, so that whoever scanned the picture before, and is told of late, still finds the placement.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number, settings_of
from core.db import across_tenants, platform_writing
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.placements.models import Placement
from core.plugin_host import host
from core.rewards.models import RewardJoin

KEPT = timedelta(days=30)
BATCH, MOST_TRIES = 20, 5


@dataclass(frozen=True)
class Unwanted:
    """Codes of one channel, by what the vendor calls them."""

    plugin_key: str
    settings: Mapping[str, JsonValue]
    rows: Mapping[str, uuid.UUID]


def submit_drops() -> None:
    """A job for every channel that has codes nobody needs, where its plugin can delete them."""
    able = {key for key, manifest in host().manifests.items() if "drop_codes" in manifest.capabilities}
    query = _unwanted().where(Channel.plugin_key.in_(able))
    with across_tenants() as session:
        found = session.execute(query.with_only_columns(Channel.tenant_id, Channel.number).distinct()).all()
    with platform_writing() as session:
        for tenant, number in found:
            submit(session, "rewards.drop", {"channel": number}, tenant_id=tenant, coalesce=str(number))


def drop_codes(job: RunningJob) -> None:
    """Delete a channel's unwanted codes, a batch a call. What the vendor does not say is gone waits."""
    while (batch := _next_batch(job)) is not None:
        gone = host().call(batch.plugin_key, "drop_codes", list(batch.rows), batch.settings)
        with job.step() as step:
            _note_gone(step.session, batch, gone)
            step.checkpoint = {"after": str(max(batch.rows.values()))}


def _next_batch(job: RunningJob) -> Unwanted | None:
    with job.step() as step:
        session, number = step.session, int(str(job.args["channel"]))
        query = _unwanted().where(Channel.number == number)
        if "after" in job.checkpoint:
            query = query.where(RewardJoin.id > uuid.UUID(str(job.checkpoint["after"])))
        rows = list(session.scalars(query.order_by(RewardJoin.id).limit(BATCH)))
        if not rows:
            step.finish({})
            return None
        channel = channel_by_number(session, number)
        names = {row.vendor_id: row.id for row in rows}
        return Unwanted(channel.plugin_key, dict(settings_of(session, channel)), names)


def _note_gone(session: Session, batch: Unwanted, gone: Sequence[str]) -> None:
    """Those that are gone need their pictures no more; the others are tried again, some times."""
    deleted = [batch.rows[name] for name in gone if name in batch.rows]
    for rows, values in (
        (deleted, {"dropped_at": clock.now(), "image": None}),
        ([one for one in batch.rows.values() if one not in deleted], {"drop_tries": RewardJoin.drop_tries + 1}),
    ):
        statement = sa.update(RewardJoin).where(RewardJoin.id.in_(rows)).values(values)
        session.execute(statement.execution_options(synchronize_session=False))


def _unwanted() -> sa.Select[RewardJoin]:
    too_old = clock.now() - KEPT
    over = sa.and_(Placement.ends_at < too_old, RewardJoin.created_at < too_old)
    archived = sa.or_(Placement.state == "archived", Channel.state == "archived")
    return (
        sa.select(RewardJoin)
        .join(Placement, _same(Placement.tenant_id, Placement.number, RewardJoin.placement_number))
        .join(Channel, _same(Channel.tenant_id, Channel.number, RewardJoin.channel_number))
        .where(RewardJoin.dropped_at.is_(None), RewardJoin.vendor_id != "", RewardJoin.drop_tries < MOST_TRIES)
        .where(sa.or_(archived, over, RewardJoin.told.is_(None)))
    )


def _same(
    tenant: InstrumentedAttribute[int], number: InstrumentedAttribute[int], wanted: InstrumentedAttribute[int]
) -> sa.ColumnElement[bool]:
    return sa.and_(tenant == RewardJoin.tenant_id, number == wanted)
