"""What arrives is stored, sealed and once, before it is acknowledged; a job reads it later."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.db import insert_new, new_id, reading, vault_of, writing
from core.ingest.models import Incoming
from core.ingest.sharing import SharedCommit
from core.jobs.service import submit

Source = Literal["sdk", "hook"]
READ = "ingest.read"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message. The same `message_id` of the same channel is the same message, for ever."""

    message_id: str
    name: str
    raw: bytes
    refused: str | None = None


def store_arrivals(
    tenant_id: int, channel_number: int, source: Source, arrivals: Sequence[Arrival], *, received_at: datetime
) -> None:
    """Durable when this returns. Small requests of one tenant that come together share a commit."""
    with reading(tenant_id) as session:
        vault = vault_of(session)
    rows: list[dict[str, object]] = []
    for one in arrivals:
        row_id: uuid.UUID = new_id()
        rows.append(
            {
                "id": row_id,
                "channel_number": channel_number,
                "source": source,
                "message_id": one.message_id,
                "name": one.name[:100],
                "received_at": received_at,
                "state": "refused" if one.refused else "new",
                "reason": one.refused and one.refused[:200],
                "attempts": 0,
                "body": vault.seal("incoming", row_id, "body", one.raw),
            }
        )
    _shared.write(tenant_id, rows)


def _commit(tenant_id: int, rows: list[dict[str, object]]) -> None:
    with writing(tenant_id) as session:
        insert_new(session, Incoming, rows, conflict=("channel_number", "message_id"))
        submit(session, READ, {}, tenant_id=tenant_id, coalesce="")


_shared: SharedCommit[dict[str, object]] = SharedCommit(_commit)
