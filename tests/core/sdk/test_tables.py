"""Exports of back offices become clean rows, whatever their encoding and tricks."""

import io
import tracemalloc

import pytest

from core.sdk import Refused, read_rows
from core.sdk.tables import guess_delimiter, guess_encoding

TEXT = '订单编号,金额,备注\n="123456789012345678",9.90,"a\nb"\n\t37001,\'88,\n\n'
ROWS = [
    {"订单编号": "123456789012345678", "金额": "9.90", "备注": "a\nb"},
    {"订单编号": "37001", "金额": "88", "备注": ""},
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_give_the_same_rows(encoding: str) -> None:
    assert list(read_rows(io.BytesIO(TEXT.encode(encoding)))) == ROWS


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_found(delimiter: str) -> None:
    assert guess_delimiter(delimiter.join(["a", "b", "c"]) + "\n1,2;3\n") == delimiter


def test_cut_character_is_no_error() -> None:
    assert guess_encoding("订单".encode()[:-1]) == "utf-8"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"\xff\xff\xff,\xff", "encoding"),
        (b"a,a\n1,2\n", "header"),
        (b"", "header"),
        (b"a,b\n" + b"x" * 200_000 + b",1\n", "csv"),
        (b"a\n" * 40_000 + b"\xff\xfe\xff", "encoding"),
    ],
)
def test_bad_files_are_refused_by_reason(text: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        list(read_rows(io.BytesIO(text)))
    assert caught.value.code == code


def test_rows_are_not_gathered() -> None:
    stream = io.BytesIO(b"a,b\n" + b"1,2\n" * 20_000)
    tracemalloc.start()
    count = sum(1 for _ in read_rows(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 500_000
