"""Finding whose a code, hook secret or write key is, before any tenant is known. Only fingerprints are stored."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.channels.models import Address
from core.db import insert_new, tenant_of
from core.secrets import fingerprint

Kind = Literal["link", "card", "hook", "write_key", "earned"]


@dataclass(frozen=True)
class Found:
    """The tenant's number and the id of the link, card or channel there."""

    tenant: int
    target: uuid.UUID


def register_addresses(session: Session, kind: Kind, targets: Mapping[str, uuid.UUID]) -> set[uuid.UUID]:
    """Make the bound tenant reachable under these texts.

    Returns:
        The targets whose text was free; a text that somebody has already stays theirs.
    """
    tenant = tenant_of(session)
    rows = [
        {"digest": _digest(kind, text), "kind": kind, "tenant_number": tenant, "target": target}
        for text, target in targets.items()
    ]
    insert_new(session, Address, rows, conflict=("digest",))
    kept = sa.select(Address.target).where(
        Address.digest.in_([row["digest"] for row in rows]), Address.tenant_number == tenant
    )
    return set(session.scalars(kept)) & set(targets.values())


def find_address(session: Session, kind: Kind, text: str) -> Found | None:
    """Whose this text is, or None. Works through any door: the table holds no tenant's facts."""
    row = session.execute(
        sa.select(Address.tenant_number, Address.target).where(Address.digest == _digest(kind, text))
    ).one_or_none()
    return Found(row.tenant_number, row.target) if row else None


def withdraw_addresses(session: Session, kind: Kind, target: uuid.UUID) -> None:
    """Let a target of the bound tenant be reached no more by this kind of address."""
    session.execute(
        sa.delete(Address).where(
            Address.tenant_number == tenant_of(session), Address.kind == kind, Address.target == target
        )
    )


def _digest(kind: Kind, text: str) -> bytes:
    return fingerprint(f"{kind}:{text}")
