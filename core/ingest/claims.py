"""Claim codes of people who asked for one in public: known to the platform by its own id only, joined when they claim.

Who comments with a keyword gets six digits to be read out and a link to be sent. Whoever claims with either and says
who they are is joined with the one who asked. A code works once.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.contacts.erased_names import forgotten_places
from core.db import insert_new, new_id, vault_of
from core.ingest.models import Claim
from core.placements.codes import BASE62
from core.placements.models import Placement
from core.sdk.events import ClaimAsked
from core.sdk.values import IdentityClaim

TOKEN_CHARACTERS = 16
DIGITS = 6
SPOKEN_LIFE = timedelta(days=3)
"""How long six digits are good for: they can be guessed, a link's token cannot."""
_PURPOSE = "claim codes"
_TRIES = 8


@dataclass(frozen=True)
class Asked:
    """Who asked, for which placement, in the words of the event."""

    event: ClaimAsked
    placement_number: int
    contact_number: int


def keep_claims(session: Session, asked: Sequence[Asked]) -> None:
    """A claim code for each person and placement. Asked again, the one they have stays, with the earliest asking.

    What an erased person asked for before the erasure is not kept.
    """
    gone = forgotten_places(session, [one.contact_number for one in asked], [one.event.at for one in asked])
    for one in (one for place, one in enumerate(asked) if place not in gone):
        known = session.scalar(
            sa.select(Claim).where(
                Claim.placement_number == one.placement_number, Claim.contact_number == one.contact_number
            )
        )
        if known is None:
            _make_claim(session, one)
        elif one.event.at < known.asked_at:
            known.asked_at, known.keyword = one.event.at, one.event.keyword
    session.flush()


def token_of(session: Session, claim_id: uuid.UUID) -> str:
    """The secret part of a claim's link; derived, so that it is stored nowhere."""
    digest = hmac.new(vault_of(session).derived(_PURPOSE), claim_id.bytes, "sha256").digest()
    return "".join(BASE62[byte % 62] for byte in digest[:TOKEN_CHARACTERS])


def claim_by_token(session: Session, placement_number: int, token: str) -> Claim | None:
    """The claim of this placement that a link's token names."""
    return session.scalar(
        sa.select(Claim).where(Claim.placement_number == placement_number, Claim.digest == _digest(session, token))
    )


def claim_by_digits(session: Session, placement_number: int, digits: str, *, at: datetime) -> Claim | None:
    """The claim that was read out as these six digits, while they are good."""
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return session.scalar(
        sa.select(Claim).where(
            Claim.placement_number == placement_number, Claim.digits == digits, Claim.asked_at >= at - SPOKEN_LIFE
        )
    )


def use_claim(session: Session, claim: Claim, *, at: datetime) -> tuple[IdentityClaim, ...] | None:
    """Use a claim once: the names of the one who asked, for joining. None for one that was used already."""
    taken = session.scalar(
        sa.update(Claim)
        .where(Claim.id == claim.id, Claim.claimed_at.is_(None))
        .values(claimed_at=at)
        .returning(Claim.id)
    )
    if taken is None:
        return None
    return _names(session, claim)


def list_claims(session: Session, placement: Placement, *, limit: int = 200) -> list[Claim]:
    """The placement's claims, the newest asking first."""
    query = sa.select(Claim).where(Claim.placement_number == placement.number)
    return list(session.scalars(query.order_by(Claim.asked_at.desc(), Claim.id.desc()).limit(limit)))


def name_shown(session: Session, claim: Claim) -> str:
    """What the platform calls the person, for the host to call them; empty once erased."""
    return str(_told(session, claim).get("name") or "")


def erase_claims(session: Session, contact_numbers: Collection[int]) -> None:
    """Take away what names these people."""
    session.execute(sa.update(Claim).where(Claim.contact_number.in_(contact_numbers)).values(told=b""))


def _make_claim(session: Session, one: Asked) -> None:
    claim_id = new_id()
    told = {"name": one.event.shown_name, "who": [name.model_dump() for name in one.event.who]}
    row = {
        "id": claim_id,
        "placement_number": one.placement_number,
        "contact_number": one.contact_number,
        "keyword": one.event.keyword[:60],
        "digest": _digest(session, token_of(session, claim_id)),
        "told": vault_of(session).seal("claim", claim_id, "told", json.dumps(told, ensure_ascii=False).encode()),
        "asked_at": one.event.at,
    }
    for attempt in range(_TRIES):
        seed = hashlib.sha256(claim_id.bytes + bytes([attempt])).digest()
        digits = f"{int.from_bytes(seed[:8]) % 10**DIGITS:0{DIGITS}}"
        if insert_new(session, Claim, [row | {"digits": digits}], conflict=("placement_number", "digits")):
            return


def _digest(session: Session, token: str) -> bytes:
    return vault_of(session).blind_index("claim", token)


def _names(session: Session, claim: Claim) -> tuple[IdentityClaim, ...]:
    named = _told(session, claim).get("who")
    return tuple(IdentityClaim.model_validate(one) for one in named) if isinstance(named, list) else ()


def _told(session: Session, claim: Claim) -> dict[str, object]:
    if not claim.told:
        return {}
    told: dict[str, object] = json.loads(vault_of(session).unseal("claim", claim.id, "told", claim.told))
    return told
