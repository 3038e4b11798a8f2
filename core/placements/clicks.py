"""One hit on a tracked link or a card, as it lies in the journal."""

import json
from datetime import datetime
from typing import Literal, NamedTuple

from core import clock

Kind = Literal["click", "scan"]
_LONGEST = 300


class Click(NamedTuple):
    """What is known at the moment of the hit. No address is kept: nothing here needs one. `id` is 32 hex digits."""

    id: str
    at: datetime
    code: str
    kind: Kind
    visitor: str
    agent: str
    referrer: str
    is_bot: bool

    def to_bytes(self) -> bytes:
        """Compact JSON."""
        row = [
            self.id,
            clock.to_us(self.at),
            self.code,
            self.kind,
            self.visitor,
            self.agent[:_LONGEST],
            self.referrer[:_LONGEST],
            int(self.is_bot),
        ]
        return json.dumps(row, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, payload: bytes) -> "Click":
        """What `to_bytes` made."""
        click_id, at, code, kind, visitor, agent, referrer, is_bot = json.loads(payload)
        return cls(click_id, clock.from_us(at), code, kind, visitor, agent, referrer, bool(is_bot))
