"""The audit log's chain: each entry's hash covers its content and the hash before it, so a changed past shows."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.clock import to_us

START = bytes(32)


@dataclass(frozen=True)
class Entry:
    """What the hash of one entry covers. `seq` counts the entries of one agency, from 1."""

    agency_id: str
    seq: int
    tenant_id: int | None
    actor: str
    action: str
    subject: str
    detail: str
    at: datetime
    request_id: str


@dataclass(frozen=True)
class Sealed:
    """An entry as it is stored: with the hash before it and its own."""

    entry: Entry
    before: bytes
    hash: bytes


def detail_text(detail: object) -> str:
    """One spelling of a JSON detail, so that its hash does not depend on who wrote it."""
    return json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def link(before: bytes, entry: Entry) -> bytes:
    """The hash of an entry that follows the one with the hash `before`."""
    fields = (
        entry.agency_id,
        str(entry.seq),
        "" if entry.tenant_id is None else str(entry.tenant_id),
        entry.actor,
        entry.action,
        entry.subject,
        entry.detail,
        str(to_us(entry.at)),
        entry.request_id,
    )
    # JSON keeps the borders between fields, so no two entries share a spelling.
    return hashlib.sha256(before + json.dumps(fields, ensure_ascii=True).encode()).digest()


def first_break(entries: Iterable[Sealed]) -> int | None:
    """The number of the first entry that was changed, dropped or put in between; None when the chain holds."""
    before = START
    for seq, sealed in enumerate(entries, start=1):
        entry = sealed.entry
        if entry.seq != seq or sealed.before != before or sealed.hash != link(before, entry):
            return seq
        before = sealed.hash
    return None
