"""A file comes in as a stream: sealed to disk while its encoding is watched, then a draft import with a proposal."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from core import clock
from core.db import new_id, reading, vault_of, writing
from core.errors import FieldError, Invalid
from core.files import bodies
from core.files import service as files
from core.ingest import sniff
from core.ingest.fields import ImportKind
from core.ingest.mapping import propose_mapping
from core.ingest.models import Import
from core.ingest.rows import LINE_BYTES, Row, read_header, read_rows
from core.ingest.sniff import EncodingWatch, NotReadable, Shape

SAMPLES = 5
_HEAD = 4 * LINE_BYTES


def receive_file(tenant_id: int, chunks: Iterable[bytes], *, kind: ImportKind, name: str) -> uuid.UUID:
    """Store `chunks` as a draft import and return its id. No transaction is open while the stream lasts.

    Raises:
        Invalid: the file is no table; nothing of it is kept.
    """
    with reading(tenant_id) as session:
        vault = vault_of(session)
    file_id, watch, head = new_id(), EncodingWatch(), bytearray()
    size = bodies.write_body(vault, file_id, _watch(chunks, watch, head), sealed=True)
    try:
        draft = _draft(bytes(head), watch, kind=kind, name=name, file_id=file_id)
        with writing(tenant_id) as session:
            expires = clock.now() + files.RAW_LIFE
            files.record(session, file_id, kind="upload", name=name, size=size, expires=expires, sealed=True)
            session.add(draft)
            session.flush()
            return draft.id
    except BaseException as error:
        bodies.remove_body(tenant_id, file_id)
        if isinstance(error, NotReadable):
            raise Invalid(error.en, fields=[FieldError("file", error.code, f"{error.zh} {error.en}")]) from None
        raise


def _watch(chunks: Iterable[bytes], watch: EncodingWatch, head: bytearray) -> Iterator[bytes]:
    for chunk in chunks:
        if len(head) < _HEAD:
            head += chunk[: _HEAD - len(head)]
        watch.feed(chunk)
        yield chunk


def _draft(head: bytes, watch: EncodingWatch, *, kind: ImportKind, name: str, file_id: uuid.UUID) -> Import:
    behind = watch.finish()
    shape = sniff.guess_shape(head, encoding=behind if head[: sniff.SAMPLE_BYTES].isascii() and head else None)
    header, first = read_header([head], shape)
    samples = read_samples([head[first.offset :]], shape, header=header)
    return Import(
        kind=kind,
        name=files.clean_name(name),
        file_id=file_id,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        header=header,
        first_row=[first.offset, first.line],
        mapping=propose_mapping(kind, header=header, samples=samples).model_dump(),
    )


def read_samples(chunks: Iterable[bytes], shape: Shape, *, header: list[str]) -> dict[str, list[str]]:
    """A few values of each column, by which a person recognises it."""
    rows = (row.cells for row in read_rows(chunks, shape) if isinstance(row, Row))
    found = [cells for cells in islice(rows, SAMPLES) if len(cells) == len(header)]
    return {name: [cells[index][:80] for cells in found] for index, name in enumerate(header)}
