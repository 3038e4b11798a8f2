"""What arrives is stored, sealed and once, before it is acknowledged; a job reads it later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from core.db import insert_columns, new_ids, reading, vault_of, writing
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
    rows = [
        _Row(
            row_id,
            channel_number,
            source,
            one.message_id,
            one.name[:100],
            received_at,
            "refused" if one.refused else "new",
            one.refused and one.refused[:200],
            vault.seal("incoming", row_id, "body", one.raw),
        )
        for row_id, one in zip(new_ids(len(arrivals)), arrivals, strict=True)
    ]
    _shared.write(tenant_id, rows)


class _Row(NamedTuple):
    id: object
    channel_number: int
    source: Source
    message_id: str
    name: str
    received_at: datetime
    state: str
    reason: str | None
    body: bytes


def _commit(tenant_id: int, rows: list[_Row]) -> None:
    with writing(tenant_id) as session:
        if rows:
            columns: dict[str, Sequence[object]] = dict(zip(_Row._fields, zip(*rows, strict=True), strict=True))
            key = ("channel_number", "message_id")
            insert_columns(session, Incoming, columns, conflict=key, same={"attempts": 0})
        submit(session, READ, {}, tenant_id=tenant_id, coalesce="")


_shared: SharedCommit[_Row] = SharedCommit(_commit)
