"""Taking what is told of inviters: one a person, the first known stands, no circles; the unknown wait for their day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.joining import Key
from core.contacts.keys import key_of
from core.contacts.links import when_named
from core.contacts.lookup import holders, ignored_keys, roots_of
from core.contacts.models import Contact
from core.db import insert_new, take_turn, vault_of
from core.referrals.edges import walk_up
from core.referrals.models import PendingReferral, Referral, ReferralRefusal
from core.referrals.naming import Named, read_inviter

LONGEST_CHAIN = 200


@dataclass(frozen=True, slots=True)
class InviterTold:
    """Somebody said who brought `invitee`, a contact number. `source`: `identify` or `import`."""

    invitee: int
    invited_by: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """An inviter that is known: contact numbers."""

    invitee: int
    inviter: int
    at: datetime
    source: str


def claim_inviters(session: Session, told: Sequence[InviterTold]) -> None:
    """Keep who brought whom, at most about 1,000 a call. Told again, nothing changes; what cannot be is noted."""
    if not told:
        return
    take_turn(session)
    names = [read_inviter(one.invited_by) for one in told]
    keys = _keys_of(session, names)
    known = _holders_of(session, names, keys)
    claims, waiting, refused = [], [], []
    for one, name, own in zip(told, names, keys, strict=True):
        inviter = next((known[it] for it in (name.contact_id, *own) if it in known), None)
        if inviter is not None:
            claims.append(_Claim(one.invitee, inviter, one.at, one.source))
        elif own:
            waiting += [_pending(one, key) for key in own]
        else:
            refused.append(_refusal(one.invitee, 0, "unreadable", one.source, one.at))
    insert_new(session, PendingReferral, waiting, conflict=("invitee_number", "kind", "app", "blind_index"))
    _settle(session, claims, refused)


@when_named
def join_pending(session: Session, named: Mapping[Key, int]) -> None:
    """New identities may be those of inviters that somebody waits for."""
    strong = {key: number for key, number in named.items() if not key.is_weak}
    if not strong or session.scalar(sa.select(PendingReferral.id).limit(1)) is None:
        return
    take_turn(session)
    by_kind: dict[tuple[str, str], list[bytes]] = {}
    for key in strong:
        by_kind.setdefault((key.kind, key.app), []).append(key.token)
    met: list[PendingReferral] = []
    for (kind, app), tokens in by_kind.items():
        mine = sa.and_(PendingReferral.kind == kind, PendingReferral.app == app)
        met += session.scalars(sa.select(PendingReferral).where(mine, PendingReferral.blind_index.in_(tokens)))
    met.sort(key=lambda row: row.id)
    claims = [
        _Claim(row.invitee_number, strong[Key(row.kind, row.app, row.blind_index)], row.at, row.source) for row in met
    ]
    session.execute(sa.delete(PendingReferral).where(PendingReferral.id.in_([row.id for row in met])))
    _settle(session, claims, [])


@dataclass(slots=True)
class _Board:
    """Who stands where while a batch is settled: `inviter` of people, `root` of contact numbers."""

    root: Mapping[int, int]
    inviter: dict[int, int]
    taken: list[dict[str, object]] = field(default_factory=list)

    def judge(self, claim: _Claim) -> str | None:
        """Take the claim; the reason why not, or None, also where it stands already."""
        invitee, inviter = self.root[claim.invitee], self.root[claim.inviter]
        if invitee == inviter:
            return "self"
        if invitee in self.inviter:
            return None if self.inviter[invitee] == inviter else "taken"
        met = {inviter}
        above = self.inviter.get(inviter)
        while above is not None and above not in met:
            if above == invitee:
                return "circle"
            if len(met) == LONGEST_CHAIN:
                return "too_deep"
            met.add(above)
            above = self.inviter.get(above)
        self.inviter[invitee] = inviter
        self.taken.append(
            {
                "invitee_number": claim.invitee,
                "inviter_number": claim.inviter,
                "source": claim.source,
                "at": claim.at,
            }
        )
        return None


def _settle(session: Session, claims: Sequence[_Claim], refused: list[dict[str, object]]) -> None:
    numbers = {number for claim in claims for number in (claim.invitee, claim.inviter)}
    root = roots_of(session, numbers)
    standing = walk_up(session, set(root.values()), levels=LONGEST_CHAIN)
    board = _Board(root, {person: edge.inviter for person, edge in standing.items()})
    for claim in claims:
        reason = board.judge(claim)
        if reason is not None:
            refused.append(_refusal(claim.invitee, claim.inviter, reason, claim.source, claim.at))
    insert_new(session, Referral, board.taken, conflict=("invitee_number",))
    insert_new(session, ReferralRefusal, refused, conflict=("invitee_number", "inviter_number", "reason"))
    settled = [claim.invitee for claim in claims if board.root[claim.invitee] in board.inviter]
    session.execute(sa.delete(PendingReferral).where(PendingReferral.invitee_number.in_(settled)))


def forget_waiting(session: Session, members: Collection[int], keys: Collection[Key]) -> None:
    """An erased person waits for no inviter any more, and nobody waits for them."""
    waiting = sa.or_(
        PendingReferral.invitee_number.in_(members), PendingReferral.blind_index.in_([key.token for key in keys])
    )
    session.execute(sa.delete(PendingReferral).where(waiting))


def _keys_of(session: Session, names: Iterable[Named]) -> list[tuple[Key, ...]]:
    vault, shared = vault_of(session), ignored_keys(session)
    return [
        tuple(key for identity in name.identities if (key := key_of(vault, identity)) not in shared) for name in names
    ]


def _holders_of(session: Session, names: Sequence[Named], keys: Sequence[tuple[Key, ...]]) -> dict[object, int]:
    """Contact numbers by key and by contact id."""
    known: dict[object, int] = {
        key: holder.number for key, holder in holders(session, {key for own in keys for key in own}).items()
    }
    ids = [name.contact_id for name in names if name.contact_id is not None]
    if ids:
        known |= dict(session.execute(sa.select(Contact.id, Contact.number).where(Contact.id.in_(ids))).all())
    return known


def _pending(one: InviterTold, key: Key) -> dict[str, object]:
    return {
        "invitee_number": one.invitee,
        "kind": key.kind,
        "app": key.app,
        "blind_index": key.token,
        "source": one.source,
        "at": one.at,
    }


def _refusal(invitee: int, inviter: int, reason: str, source: str, at: datetime) -> dict[str, object]:
    return {
        "invitee_number": invitee,
        "inviter_number": inviter,
        "reason": reason,
        "source": source,
        "at": at,
    }
