"""Rows of a delimited file of any size, one at a time: good ones as cells, bad ones with their line and reason.

Every row knows the byte behind it, so that a reader that was killed can go on from there. Nothing here raises for what
a file may contain: a 10 MB line, NUL, a wrong byte or an open quotation mark costs the row it stands in, no more.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.ingest.reasons import Reason, Refused
from core.ingest.sniff import NotReadable, Shape

LINE_BYTES = 256 * 1024
RECORD_LINES = 100
MAX_COLUMNS = 500
_KEPT_OF_BAD = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A point between two rows: bytes before it, and the number of the line that follows."""

    offset: int = 0
    line: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    end: Place
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int
    end: Place
    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    end: int
    raw: bytes
    size: int


def read_header(chunks: Iterable[bytes], shape: Shape) -> tuple[list[str], Place]:
    """The column names (trimmed, none empty, none twice) and the place of the first row."""
    first = next(iter(read_rows(chunks, shape)), None)
    if first is None:
        raise NotReadable("empty", "文件是空的。", "The file is empty.")
    if isinstance(first, BadRow):
        raise NotReadable(
            "header", f"表头有问题：{first.reason.zh}。", f"The header line is unusable: {first.reason.en}."
        )
    if len(first.cells) > MAX_COLUMNS:
        raise NotReadable(
            "columns",
            f"有 {len(first.cells)} 列，最多 {MAX_COLUMNS} 列。",
            f"{len(first.cells)} columns; at most {MAX_COLUMNS}.",
        )
    return _name_columns(first.cells), first.end


def _name_columns(cells: list[str]) -> list[str]:
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.strip("\ufeff").split())[:100] or f"column {position}"
        names.append(name if name not in names else f"{name} ({position})")
    return names


def read_rows(chunks: Iterable[bytes], shape: Shape, *, start: Place | None = None) -> Iterator[Row | BadRow]:
    """Rows of `chunks`, which begin at `start`; blank lines are passed over."""
    feed = _Feed(chunks, shape, start or Place())
    reader = csv.reader(feed, delimiter=shape.delimiter, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except Refused as refused:
            yield feed.give_up(refused.reason)
        except csv.Error:
            yield feed.give_up(Reason("bad_csv"))
        else:
            if cells:
                yield Row(feed.first, feed.place, cells)


class _Feed:
    """Hands lines to the csv reader, remembers which the present row took, and takes back those it must not eat."""

    def __init__(self, chunks: Iterable[bytes], shape: Shape, start: Place) -> None:
        self._lines = _split_lines(chunks, start)
        self._again: deque[_Line] = deque()
        self._taken: list[_Line] = []
        self._encoding = "utf-8" if shape.encoding == "utf-8-sig" else shape.encoding
        self._skip_mark = shape.encoding == "utf-8-sig" and start.offset == 0

    def begin(self) -> None:
        self._taken.clear()

    @property
    def first(self) -> int:
        return self._taken[0].number

    @property
    def place(self) -> Place:
        last = self._taken[-1]
        return Place(last.end, last.number + 1)

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            if self._taken:
                raise Refused("quote_not_closed")
            raise StopIteration
        self._taken.append(line)
        if line.size > LINE_BYTES:
            raise Refused("line_too_long", limit=LINE_BYTES)
        if len(self._taken) > RECORD_LINES:
            raise Refused("quote_not_closed")
        if b"\0" in line.raw:
            raise Refused("nul")
        return self._decode(line.raw) + "\n"

    def _decode(self, raw: bytes) -> str:
        if self._skip_mark:
            raw, self._skip_mark = raw.removeprefix(b"\xef\xbb\xbf"), False
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise Refused("not_text", position=error.start + 1, encoding=self._encoding) from error

    def give_up(self, reason: Reason) -> BadRow:
        """Refuse the present row's first line only: lines behind an open quotation mark get their own chance."""
        first, *rest = self._taken
        self._again.extendleft(reversed(rest))
        if rest:
            reason = Reason("quote_not_closed")
        text = first.raw[:_KEPT_OF_BAD].decode(self._encoding, errors="replace").rstrip("\r")
        return BadRow(first.number, Place(first.end, first.number + 1), reason, text)


def _split_lines(chunks: Iterable[bytes], start: Place) -> Iterator[_Line]:
    """Lines without their newline; of an endless one only the beginning is kept in memory."""
    number, offset = start.line, start.offset
    kept, size = b"", 0
    for chunk in chunks:
        parts = chunk.split(b"\n")
        for part in parts[:-1]:
            size += len(part) + 1
            offset += size
            yield _Line(number, offset, kept + part[:LINE_BYTES] if kept else part[: LINE_BYTES + 1], size)
            kept, size, number = b"", 0, number + 1
        size += len(parts[-1])
        if len(kept) <= LINE_BYTES:
            kept += parts[-1]
    if size:
        yield _Line(number, offset + size, kept, size)
