"""Exports of vendors' back offices: a file for one channel, read by its plugin's `read_file` and taken as events.

The file is stored sealed. For the time of the job it lies unsealed beside it, readable by this user only, because a
plugin reads a path; it goes when the job ends, however it ends.
"""

import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from core import clock, settings
from core.channels.models import Channel
from core.channels.service import find_channel, settings_of
from core.db import new_id, reading, tenant_of, vault_of, writing
from core.errors import Conflict, Invalid
from core.files import bodies
from core.files import service as files
from core.files.service import OpenedFile
from core.ingest.facts import take
from core.jobs.running import RunningJob
from core.jobs.service import submit
from core.plugin_host import host
from core.sdk.events import Event
from core.sdk.failures import Refused
from core.sdk.requests import BadRow, SourceFile

BATCH = 500
MOST_TOLD = 20
COUNTS = ("rows", "touchpoints", "orders", "duplicates", "refused")


def receive_export(tenant_id: int, channel_id: str, chunks: Iterable[bytes], *, name: str) -> uuid.UUID:
    """Store the file and have it read; returns the job's id. No transaction is open while the stream lasts.

    Raises:
        NotFound: there is no such channel.
        Conflict: it is archived, or its plugin reads no files.
    """
    with reading(tenant_id) as session:
        _refuse_unable(find_channel(session, channel_id))
        vault = vault_of(session)
    file_id = new_id()
    size = bodies.write_body(vault, file_id, chunks, sealed=True)
    try:
        with writing(tenant_id) as session:
            channel = find_channel(session, channel_id)
            expires = clock.now() + files.RAW_LIFE
            files.record(session, file_id, kind="upload", name=name, size=size, expires=expires, sealed=True)
            args = {"channel": str(channel.id), "file": str(file_id)}
            return submit(session, "ingest.export", args, tenant_id=tenant_of(session)).id
    except BaseException:
        bodies.remove_body(tenant_id, file_id)
        raise


def read_export(job: RunningJob) -> None:
    """Take what the plugin reads in the file, a batch a step; a restarted job goes on after its last step.

    Raises:
        Invalid: the plugin cannot read the file; what came before the place it names stays.
    """
    assert job.tenant_id is not None
    with reading(job.tenant_id) as session:
        channel = find_channel(session, str(job.args["channel"]))
        given, file = settings_of(session, channel), files.open_file(session, str(job.args["file"]))
    done = int(str(job.checkpoint.get("done", 0)))
    with unsealed(file) as path:
        source = SourceFile(name=file.row.name, path=path)
        read = host().call(channel.plugin_key, "read_file", source, given)
        try:
            rest = islice(read, done, None)
            while batch := tuple(islice(rest, BATCH)):
                _take_batch(job, batch)
        except Refused as refusal:
            raise Invalid(refusal.message) from None
    with job.step() as step:
        step.finish({name: step.checkpoint.get(name, 0) for name in COUNTS} | _told(step.checkpoint))


def _take_batch(job: RunningJob, batch: tuple[Event | BadRow, ...]) -> None:
    bad = [one for one in batch if isinstance(one, BadRow)]
    with job.step() as step:
        channel = find_channel(step.session, str(job.args["channel"]))
        taken = take(step.session, channel, [one for one in batch if not isinstance(one, BadRow)])
        more = {
            "done": len(batch),
            "rows": len(batch),
            "touchpoints": taken.touchpoints,
            "orders": taken.orders,
            "duplicates": taken.duplicates,
            "refused": len(bad) + len(taken.refused),
        }
        kept = {name: int(str(step.checkpoint.get(name, 0))) + count for name, count in more.items()}
        why = [f"{row.line}: {row.reason}" for row in bad] + sorted(set(taken.refused.values()))
        told = [*_list(step.checkpoint.get("told")), *why][:MOST_TOLD]
        step.checkpoint = {**kept, "told": told}
        step.progress(kept["done"])


def _told(checkpoint: dict[str, object]) -> dict[str, object]:
    told = _list(checkpoint.get("told"))
    return {"reasons": "; ".join(told)} if told else {}


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


@contextmanager
def unsealed(file: OpenedFile) -> Iterator[Path]:
    """The file's plain bytes under a path of their own, for the time of the block."""
    folder = settings.current().home / "unsealed"
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder) as plain:
        for chunk in file.chunks():
            plain.write(chunk)
        plain.flush()
        yield Path(plain.name)


def _refuse_unable(channel: Channel) -> None:
    manifest = host().manifests.get(channel.plugin_key)
    if channel.state != "active":
        raise Conflict(f"The channel {channel.name} is archived.")
    if manifest is None or "read_file" not in manifest.capabilities:
        raise Conflict(f"The plugin {channel.plugin_key} reads no exports; use the import page.")
