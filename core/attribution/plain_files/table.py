"""A delimited text or Parquet file as columns of text, with the line each row stands on."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from core.attribution.journeys import Ints
from core.errors import Invalid

BLOCK = 1 << 20
SEPARATORS = ",;\t|"


@dataclass(frozen=True, slots=True)
class TextTable:
    """name: of the file, for messages; columns: chunked arrays by header; line: int64[n], 1 is the header."""

    name: str
    columns: dict[str, "pa.ChunkedArray"]
    line: Ints

    def __len__(self) -> int:
        return len(self.line)

    def keep(self, wanted: "pa.ChunkedArray") -> "TextTable":
        """The rows where `wanted` (bool) holds."""
        kept = {name: values.filter(wanted) for name, values in self.columns.items()}
        return TextTable(self.name, kept, self.line[wanted.to_numpy()])

    def problem(self, row: int, text: str) -> Invalid:
        """An error that names the file and the line of row `row`."""
        return Invalid(f"{self.name}, line {int(self.line[row])}: {text}")


def read_header(path: Path) -> list[str]:
    """The column names; the file is checked for NUL bytes and endless lines on the way."""
    if path.suffix == ".parquet":
        return list(pq.read_schema(path).names)
    _check_bytes(path)
    head = _read_head(path)
    first = head.splitlines()[0] if head.strip() else ""
    names = next(csv.reader([first], delimiter=_guess_separator(first)), [])
    names = [name.strip() for name in names]
    if not any(names):
        raise Invalid(f"{path.name}: the first line must name the columns")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Invalid(f"{path.name}: two columns are called {sorted(twice)[0]!r}")
    return names


def read_table(path: Path, *, columns: Sequence[str]) -> TextTable:
    """The columns wanted, as text. Encoding (UTF-8, GB18030) and separator (comma, semicolon, tab, bar) are guessed."""
    table = pq.read_table(path, columns=list(columns)) if path.suffix == ".parquet" else _read_text(path, columns)
    cells = {name: _as_text(table[name]) for name in columns}
    return TextTable(path.name, cells, np.arange(2, table.num_rows + 2, dtype=np.int64))


def _read_text(path: Path, columns: Sequence[str]) -> "pa.Table":
    try:
        return _parse_text(path, columns, use_threads=True)
    except (pa.ArrowInvalid, UnicodeDecodeError):
        pass  # only one thread can count lines, so that the message names the right one
    try:
        return _parse_text(path, columns, use_threads=False)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        reason = " ".join(str(error).replace("CSV parse error: ", "").split())
        raise Invalid(f"{path.name}: {reason[:160]}") from error


def _parse_text(path: Path, columns: Sequence[str], *, use_threads: bool) -> "pa.Table":
    head = _read_head(path)
    names = read_header(path)
    return pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(
            column_names=names,
            skip_rows=1,
            encoding=_guess_encoding(path),
            block_size=4 * BLOCK,
            use_threads=use_threads,
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=_guess_separator(head.splitlines()[0]), newlines_in_values='"' in head
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _as_text(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Parquet columns keep numbers and instants; text is left as it is, null becomes empty."""
    if pa.types.is_timestamp(column.type):
        zone = column.type.tz
        column = pc.cast(pc.cast(column, pa.timestamp("us", zone), safe=False), pa.string())
    elif not pa.types.is_string(column.type):
        column = pc.cast(column, pa.string())
    return pc.fill_null(column, "")


def _read_head(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(BLOCK)
    return head.decode(_guess_encoding(path), errors="ignore").removeprefix("\ufeff")


def _guess_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(BLOCK)
    cut = head[: head.rfind(b"\n") + 1] or head
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _guess_separator(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _check_bytes(path: Path) -> None:
    """One pass over the bytes: a NUL or a megabyte without a line end is no table of ours."""
    line = 1
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            place = block.find(b"\0")
            if place >= 0:
                line += block.count(b"\n", 0, place)
                raise Invalid(f"{path.name}, line {line}: a NUL byte; save the file as UTF-8 text")
            ends = block.count(b"\n") or block.count(b"\r")
            if not ends and len(block) == BLOCK:
                raise Invalid(f"{path.name}, line {line}: the line is longer than 1 MB")
            line += ends
