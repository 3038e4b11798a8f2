"""Rows of a delimited file of any size, one at a time: good ones as cells, bad ones with their line and reason.

Lines are read a block at a time; where something in a block needs care, its rest is read line by line.
Every row knows the byte behind it, so that a reader that was killed can go on from there. Nothing here raises for what
a file may contain: a 10 MB line, NUL, a wrong byte or an open quotation mark costs the row it stands in, no more.
"""

import csv
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from core.ingest.reasons import Reason, Refused
from core.ingest.sniff import NotReadable, Shape

LINE_BYTES = 256 * 1024
RECORD_LINES = 100
MAX_COLUMNS = 500
_KEPT_OF_BAD = 2_000


class Place(NamedTuple):
    """A point between two rows: bytes before it, and the number of the line that follows."""

    offset: int = 0
    line: int = 1


class Row(NamedTuple):
    line: int
    end: Place
    cells: list[str]


class BadRow(NamedTuple):
    line: int
    end: Place
    reason: Reason
    text: str


class _Line(NamedTuple):
    number: int
    end: int
    raw: bytes
    size: int


class _Block(NamedTuple):
    """Whole lines that came together: `ends[i]` is the offset behind line `first + i`, `ends[-1]` of `start`."""

    first: int
    start: int
    raws: list[bytes]
    ends: list[int]

    def lines(self, done: int) -> Iterator[_Line]:
        """The lines after the first `done`, one by one."""
        begin = self.ends[done - 1] if done else self.start
        for i in range(done, len(self.raws)):
            yield _Line(self.first + i, self.ends[i], self.raws[i], self.ends[i] - begin)
            begin = self.ends[i]


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
    begin = start or Place()
    blocks = _split_blocks(chunks, begin, has_mark=shape.encoding == "utf-8-sig" and begin.offset == 0)
    encoding = "utf-8" if shape.encoding == "utf-8-sig" else shape.encoding
    for block in blocks:
        done = yield from _read_quickly(block, encoding, shape.delimiter)
        if done < len(block.raws):
            yield from _read_carefully(_Feed(block.lines(done), blocks, encoding), shape.delimiter)


def _read_quickly(block: _Block, encoding: str, delimiter: str) -> Generator[Row, None, int]:
    """Rows of a block up to the first line that needs care; returns how many lines they took."""
    if any(b"\0" in raw for raw in block.raws) or len(max(block.raws, key=len)) >= LINE_BYTES:
        return 0
    try:
        texts = [raw.decode(encoding) + "\n" for raw in block.raws]
    except UnicodeDecodeError:
        return 0
    reader = csv.reader(texts, delimiter=delimiter, strict=True)
    done, first, ends = 0, block.first, block.ends
    try:
        for cells in reader:
            taken = reader.line_num
            if taken - done > RECORD_LINES:
                return done
            if cells:
                yield Row(first + done, Place(ends[taken - 1], first + taken), cells)
            done = taken
    except csv.Error:
        pass
    return done


def _read_carefully(feed: "_Feed", delimiter: str) -> Iterator[Row | BadRow]:
    """Rows line by line until all lines at hand are used up; each bad one costs its first line."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while feed.begin():
        try:
            cells = next(reader)
        except Refused as refused:
            yield feed.give_up(refused.reason)
        except csv.Error:
            yield feed.give_up(Reason("bad_csv"))
        else:
            if cells:
                yield Row(feed.first, feed.place, cells)


class _Feed:
    """Hands lines to the csv reader, remembers which the present row took, and takes back those it must not eat."""

    def __init__(self, lines: Iterable[_Line], blocks: Iterator[_Block], encoding: str) -> None:
        self._at_hand = deque(lines)
        self._blocks = blocks
        self._taken: list[_Line] = []
        self._encoding = encoding

    def begin(self) -> bool:
        """Begin a row; false where no line is at hand."""
        self._taken.clear()
        return bool(self._at_hand)

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
        if not self._at_hand:  # a record goes on behind the block
            following = next(self._blocks, None)
            if following is None:
                raise Refused("quote_not_closed")
            self._at_hand.extend(following.lines(0))
        line = self._at_hand.popleft()
        self._taken.append(line)
        if line.size > LINE_BYTES:
            raise Refused("line_too_long", limit=LINE_BYTES)
        if len(self._taken) > RECORD_LINES:
            raise Refused("quote_not_closed")
        if b"\0" in line.raw:
            raise Refused("nul")
        return self._decode(line.raw) + "\n"

    def _decode(self, raw: bytes) -> str:
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise Refused("not_text", position=error.start + 1, encoding=self._encoding) from error

    def give_up(self, reason: Reason) -> BadRow:
        """Refuse the present row's first line only: lines behind an open quotation mark get their own chance."""
        first, *rest = self._taken
        self._at_hand.extendleft(reversed(rest))
        if rest:
            reason = Reason("quote_not_closed")
        text = first.raw[:_KEPT_OF_BAD].decode(self._encoding, errors="replace").rstrip("\r")
        return BadRow(first.number, Place(first.end, first.number + 1), reason, text)


def _split_blocks(chunks: Iterable[bytes], start: Place, *, has_mark: bool) -> Iterator[_Block]:
    """Lines without their newline, as they come; of an endless one only the beginning is kept in memory."""
    number, offset = start.line, start.offset
    kept, size = b"", 0
    for chunk in chunks:
        parts = chunk.split(b"\n")
        last = parts.pop()
        if parts:
            ends = list(accumulate((len(part) + 1 for part in parts), initial=offset + size))[1:]
            parts[0] = kept + parts[0][:LINE_BYTES] if kept else parts[0]
            yield _Block(number, offset, _without_mark(parts) if has_mark else parts, ends)
            kept, size, number, offset, has_mark = b"", 0, number + len(parts), ends[-1], False
        size += len(last)
        if len(kept) <= LINE_BYTES:
            kept += last
    if size:
        yield _Block(number, offset, _without_mark([kept]) if has_mark else [kept], [offset + size])


def _without_mark(raws: list[bytes]) -> list[bytes]:
    return [raws[0].removeprefix(b"\xef\xbb\xbf"), *raws[1:]]
