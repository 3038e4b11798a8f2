"""What may be sent to whom, and how the consent ledger proves its past. Pure; no database."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.clock import to_us

ANY = "*"
START = bytes(32)
# Mail about what a person bought may go out until they refuse it; anything else waits for a yes.
WITHOUT_ASKING = frozenset({"notice", "service"})
REACHED_BY = {"sms": "phone", "call": "phone", "email": "email", "wecom": "wecom_external_id", "wechat": "openid"}

Reason = Literal["ok", "unknown_contact", "visitor", "suppressed", "withdrawn", "no_consent"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message may go to a contact now, and why not."""

    allowed: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Statement:
    """What a contact said, as far as the rules care."""

    purpose: str
    medium: str
    granted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What the hash of one ledger entry covers. `seq` counts the entries of one tenant, from 1."""

    tenant_id: int
    seq: int
    contact_number: int
    purpose: str
    medium: str
    granted: bool
    wording: str
    source: str
    evidence: str
    actor: str
    at: datetime
    recorded_at: datetime


def judge(statements: Iterable[Statement], *, purpose: str, medium: str, is_suppressed: bool) -> Verdict:
    """The verdict for one contact: the last word on this purpose and medium counts; a refusal wins a tie."""
    if is_suppressed:
        return Verdict(False, "suppressed")
    about = [s for s in statements if s.purpose in (purpose, ANY) and s.medium in (medium, ANY)]
    last = max(about, key=lambda s: (s.at, not s.granted), default=None)
    if last is not None:
        return Verdict(last.granted, "ok" if last.granted else "withdrawn")
    return Verdict(True, "ok") if purpose in WITHOUT_ASKING else Verdict(False, "no_consent")


def link(before: bytes, line: LedgerLine) -> bytes:
    """The hash of an entry that follows the one with the hash `before`."""
    fields = (
        line.tenant_id,
        line.seq,
        line.contact_number,
        line.purpose,
        line.medium,
        line.granted,
        line.wording,
        line.source,
        line.evidence,
        line.actor,
        to_us(line.at),
        to_us(line.recorded_at),
    )
    return hashlib.sha256(before + json.dumps(fields, ensure_ascii=True).encode()).digest()
