"""Encoding and delimiter are guessed from the beginning, and refused by name when the file is no table."""

import pytest

from core.ingest.sniff import SAMPLE_BYTES, EncodingWatch, NotReadable, cut_sample, guess_encoding, guess_shape

HEADER = "客户编号,时间,渠道\n"
ROW = "A1,2026-01-02 03:04:05,抖音\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_text_tells_its_encoding(encoding: str) -> None:
    assert guess_shape((HEADER + ROW).encode(encoding)).encoding == encoding


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_what_cuts_evenly(delimiter: str) -> None:
    text = (HEADER + ROW * 3).replace(",", delimiter)
    assert guess_shape(text.encode()).delimiter == delimiter


def test_delimiter_inside_quotes_is_ignored() -> None:
    assert guess_shape(b'a;b\n"x,y,z";1\n"p,q";2\n').delimiter == ";"


def test_one_column_file_uses_comma() -> None:
    assert guess_shape(b"phone\n13800138000\n").delimiter == ","


def test_sample_cut_keeps_characters_whole() -> None:
    sample = (HEADER + ROW * 4000).encode("gb18030")
    assert all(guess_encoding(cut_sample(sample[shift:])) == "gb18030" for shift in (0, 22, 44))
    assert len(cut_sample(sample)) <= SAMPLE_BYTES


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        (b"", "empty"),
        (b" \n \n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        ("a,b\n".encode("utf-16"), "utf_16"),
        (b"a,\0b\n", "binary"),
        ("né,e\n1,é,\n".encode("latin-1"), "encoding"),
        (b"x" * SAMPLE_BYTES, "no_line_end"),
    ],
)
def test_what_is_no_table_is_refused(sample: bytes, code: str) -> None:
    with pytest.raises(NotReadable) as caught:
        guess_shape(sample)
    assert caught.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("size", [7, 1000, 65536])
def test_encoding_is_found_behind_ascii(encoding: str, size: int) -> None:
    body = b"id,channel\n" + b"1,sms\n" * 20_000 + ROW.encode(encoding) * 20
    watch = EncodingWatch()
    for start in range(0, len(body), size):
        watch.feed(body[start : start + size])
    assert watch.finish() == encoding


def test_ascii_to_the_end_stays_open() -> None:
    watch = EncodingWatch()
    watch.feed(b"a,b\n1,2\n")
    assert watch.finish() is None
