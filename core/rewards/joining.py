"""From a redeemed card into the brand's own account or group: a live code for one card, and who came by it.

The code's state is a reference that only we can read. Whoever comes back with it is joined with the one who redeemed
the card; a second person with the same code (a forwarded picture) is a contact of their own.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy.orm import Session

from core.channels.service import channel_by_number, settings_of
from core.db import new_id, tenant_of, vault_of
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.placements.models import CardCode
from core.placements.service import placement_by_number
from core.plugin_host import host
from core.rewards.bills import join_reference, open_page
from core.rewards.models import RewardJoin
from core.sdk.events import Event, Touch
from core.sdk.placements import JoinAsked, JoinCode
from core.sdk.values import IdentityClaim, Text

BATCH, MOST_TRIES, ROUNDS = 20, 5, 50
LONGEST_LABEL = 30
TABLE = "reward_join"


@dataclass(frozen=True)
class Wanted:
    """What one call of a plugin needs once the transaction is closed."""

    plugin_key: str
    settings: Mapping[str, JsonValue]
    asked: Sequence[JoinAsked]


@dataclass(frozen=True)
class Holder:
    """Who redeemed a card: the contact, the names that the redemption told, and the browser."""

    contact: int | None
    who: Sequence[IdentityClaim]
    visitor: str


def ask_to_join(session: Session, code: CardCode, *, channel: int, holder: Holder, welcome: Text) -> str:
    """Have a live code made for the holder of a redeemed card.

    Returns the secret part of the address of the page that will show it.
    """
    row_id, vault = new_id(), vault_of(session)
    told = json.dumps([name.model_dump() for name in holder.who], ensure_ascii=False).encode()
    row = RewardJoin(
        id=row_id,
        code_id=code.id,
        channel_number=channel,
        placement_number=code.placement_number,
        contact_number=holder.contact,
        digest=_digest(session, join_reference(session, code.id)),
        told=vault.seal(TABLE, row_id, "told", told),
        welcome_zh=welcome.zh[:1000],
        welcome_en=welcome.en[:1000],
        visitor_digest=vault.blind_index("visitor", holder.visitor) if holder.visitor else None,
    )
    session.add(row)
    session.flush()
    args = {"channel": channel}
    submit(session, "rewards.join", args, tenant_id=tenant_of(session), coalesce=str(channel))
    return open_page(session, code.id)


def make_codes(job: RunningJob) -> None:
    """Have the codes made that are waiting, a batch a call, so that a vendor's token serves many of them."""
    for _ in range(ROUNDS):
        wanted = _next_batch(job)
        if wanted is None:
            return
        made = host().call(wanted.plugin_key, "join_codes", wanted.asked, wanted.settings)
        with job.step() as step:
            _keep_codes(step.session, made)


def name_joined(session: Session, channel: int, events: Sequence[Event]) -> list[Event]:
    """The events, with those who come back with a reference named as the person it was handed to, and placed."""
    told = {event.reference for event in events if isinstance(event, Touch) and event.reference}
    if not told:
        return list(events)
    digests = {reference: _digest(session, reference) for reference in told}
    query = sa.select(RewardJoin).where(
        RewardJoin.channel_number == channel, RewardJoin.digest.in_(list(digests.values()))
    )
    rows = {row.digest: row for row in session.scalars(query.with_for_update())}
    return [
        _named(session, event, row)
        if isinstance(event, Touch) and (row := rows.get(digests.get(event.reference, b""))) is not None
        else event
        for event in events
    ]


def _next_batch(job: RunningJob) -> Wanted | None:
    with job.step() as step:
        session, number = step.session, int(str(job.args["channel"]))
        query = sa.select(RewardJoin).where(RewardJoin.channel_number == number, RewardJoin.state == "asked")
        rows = list(session.scalars(query.order_by(RewardJoin.tries, RewardJoin.id).limit(BATCH)))
        ready = []
        for row in rows:
            row.tries += 1
            if row.tries > MOST_TRIES:
                row.state = "failed"
            else:
                ready.append(row)
        if not ready:
            step.finish({})
            return None
        channel = channel_by_number(session, number)
        asked = [
            JoinAsked(
                reference=join_reference(session, row.code_id),
                label=placement_by_number(session, row.placement_number).name[:LONGEST_LABEL],
            )
            for row in ready
        ]
        return Wanted(channel.plugin_key, dict(settings_of(session, channel)), asked)


def _keep_codes(session: Session, made: Sequence[JoinCode]) -> None:
    for code in made:
        query = sa.select(RewardJoin).where(RewardJoin.digest == _digest(session, code.reference))
        row = session.scalar(query.with_for_update())
        if row is not None and row.state == "asked":
            row.state, row.image, row.media_type, row.vendor_id = "ready", code.image, code.media_type, code.vendor_id


def _named(session: Session, event: Touch, row: RewardJoin) -> Touch:
    comer = "|".join(sorted(f"{name.kind}:{name.value}" for name in event.who[:1]))
    digest = vault_of(session).blind_index("joined", comer)
    placed: dict[str, object] = {"placement_id": str(placement_by_number(session, row.placement_number).id)}
    if row.joined_digest is None:
        row.joined_digest, row.joined_at, row.state = digest, event.at, "joined"
    if row.joined_digest == digest and row.told is not None:
        told = json.loads(vault_of(session).unseal(TABLE, row.id, "told", row.told))
        placed["who"] = (*event.who, *(IdentityClaim.model_validate(one) for one in told))
    return event.model_copy(update=placed)


def _digest(session: Session, reference: str) -> bytes:
    return vault_of(session).blind_index("join reference", reference)
