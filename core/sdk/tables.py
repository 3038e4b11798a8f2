"""Vendors' exports as rows: encoding and delimiter found, the habits of Chinese back offices undone."""

import codecs
import csv
import io
from collections.abc import Generator
from typing import BinaryIO

from core.sdk.failures import Refused

SAMPLE_BYTES = 64 * 1024
MAX_CELL = 100_000
DELIMITERS = (",", "\t", ";", "|")


def guess_encoding(sample: bytes) -> str:
    """`utf-8-sig`, `utf-16`, `utf-8` or `gb18030` for the beginning of a file. A cut character at its end is fine.

    Raises `Refused` when it is none of them.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("the file is neither UTF-8 nor GB18030 text; export it again as CSV", code="encoding")


def guess_delimiter(head: str) -> str:
    """The delimiter that the header line holds most of; a comma when it holds none."""
    line = head.lstrip("\r\n\ufeff").partition("\n")[0]
    return max(DELIMITERS, key=line.count)


def read_rows(stream: BinaryIO) -> Generator[dict[str, str]]:
    """Yield each row as header -> cell, reading the stream once and holding one row at a time.

    `stream` is seekable and at its beginning. Cells lose the leading TAB and the `="..."` that spreadsheets are
    outwitted with; empty lines are skipped; missing cells are empty. Raises `Refused` naming the line when the
    text cannot be decoded, a cell is over 100,000 characters, or a header is missing or doubled.
    """
    sample = stream.read(SAMPLE_BYTES)
    stream.seek(0)
    encoding = guess_encoding(sample)
    delimiter = guess_delimiter(sample.decode(encoding, errors="ignore"))
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    rows = csv.reader(text, delimiter=delimiter)
    try:
        header = [clean_cell(cell) for cell in next(rows, [])]
        if not any(header) or len(set(header)) != len(header):
            raise Refused("the first line must name every column once", code="header")
        for row in rows:
            if any(row):
                if any(len(cell) > MAX_CELL for cell in row):
                    raise Refused(f"line {rows.line_num}: a cell is too long", code="cell")
                cells = [clean_cell(cell) for cell in row] + [""] * (len(header) - len(row))
                yield dict(zip(header, cells, strict=False))
    except UnicodeDecodeError:
        raise Refused(f"after line {rows.line_num}: not {encoding} text", code="encoding") from None
    except csv.Error:
        raise Refused(f"after line {rows.line_num}: not a table", code="csv") from None
    finally:
        if not stream.closed:  # a reader that gave up may have closed it before this generator
            text.detach()


def clean_cell(cell: str) -> str:
    """A cell without what exports put around it: TAB, spaces, `="123"`, a leading apostrophe before digits."""
    cell = cell.strip().strip("\ufeff")
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    if cell.startswith("'") and cell[1:].isdigit():
        cell = cell[1:]
    return cell
