"""What kind of text file is this? Encoding and delimiter, guessed from its first 64 kB.

The sample is cut at its last newline, because a cut inside a GB 18030 character would make the whole file look broken.
"""

import csv
from collections import Counter
from dataclasses import dataclass

SAMPLE_BYTES = 64 * 1024
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030")
DELIMITERS = (",", "\t", ";", "|")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class NotReadable(Exception):
    """The file cannot be a table; `code` says why, the message what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the bytes of a file become cells."""

    encoding: str
    delimiter: str


def guess_shape(sample: bytes, *, encoding: str | None = None) -> Shape:
    """The shape of a file whose first bytes are `sample`; `encoding` overrules the guess."""
    whole_lines = cut_sample(sample)
    chosen = encoding or guess_encoding(whole_lines)
    return Shape(chosen, guess_delimiter(whole_lines.decode(chosen, errors="replace")))


def cut_sample(sample: bytes) -> bytes:
    """At most 64 kB of `sample`, ending with a whole line."""
    if len(sample) < SAMPLE_BYTES:
        return sample
    head = sample[:SAMPLE_BYTES]
    end = head.rfind(b"\n")
    if end < 0:
        raise NotReadable(
            "no_line_end", "前 64 kB 里没有换行：这不是 CSV 表格。", "No line ends within 64 kB: not a CSV table."
        )
    return head[: end + 1]


def guess_encoding(text: bytes) -> str:
    """utf-8-sig, utf-8 or gb18030; anything else is refused by name rather than stored as nonsense."""
    if not text.strip():
        raise NotReadable("empty", "文件是空的。", "The file is empty.")
    if text.startswith(b"PK\x03\x04"):
        raise NotReadable("workbook", "这是 Excel 工作簿，请另存为 CSV。", "This is an Excel workbook: save it as CSV.")
    if text.startswith(_UTF16):
        raise NotReadable(
            "utf_16", "文件是 UTF-16，请另存为 UTF-8 的 CSV。", "The file is UTF-16: save it as CSV in UTF-8."
        )
    if text.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if b"\0" in text.split(b"\n", 1)[0] or text.count(b"\0") * 100 > len(text):
        raise NotReadable("binary", "这不是文本文件。", "This is not a text file.")
    for encoding in ("utf-8", "gb18030"):
        try:
            text.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise NotReadable(
        "encoding",
        "认不出文字编码：请另存为 UTF-8 的 CSV。",
        "The encoding is neither UTF-8 nor GB 18030: save it as UTF-8.",
    )


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts most lines into as many cells as the header, and more than one."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def agreement(delimiter: str) -> tuple[float, int]:
        counts = [_cells(line, delimiter) for line in lines]
        if not counts or counts[0] < 2:
            return (0.0, 0)
        return (Counter(counts)[counts[0]] / len(counts), counts[0])

    return max(DELIMITERS, key=agreement)


def _cells(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter)))
    except (csv.Error, StopIteration):
        return 0


class EncodingWatch:
    """Watches a file pass by and sniffs where its text first leaves ASCII, which may be far behind the first 64 kB."""

    def __init__(self) -> None:
        self._line = b""
        self.found: str | None = None

    def feed(self, chunk: bytes) -> None:
        if self.found is not None:
            return
        if self._line.isascii() and chunk.isascii():
            self._line = chunk[chunk.rfind(b"\n") + 1 :][:SAMPLE_BYTES]
            return
        text = self._line + chunk
        end = text.rfind(b"\n") + 1
        whole, self._line = (text[:end], text[end:]) if end else (b"", text[: 16 * SAMPLE_BYTES])
        if whole and not whole.isascii():
            self._settle(whole)

    def finish(self) -> str | None:
        """The encoding, or None when the file was ASCII to the end."""
        if self.found is None and self._line and not self._line.isascii():
            self._settle(self._line)
        return self.found

    def _settle(self, text: bytes) -> None:
        try:
            self.found = guess_encoding(text)
        except NotReadable:
            # One broken line deep inside a file must not refuse the file: its rows are refused one by one.
            self.found = "utf-8"
