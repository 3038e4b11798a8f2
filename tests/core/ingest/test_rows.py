"""Whatever stands in a file, each row is read or refused alone, and reading can go on from any row's end."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ingest.rows import LINE_BYTES, BadRow, Row, read_header, read_rows
from core.ingest.sniff import NotReadable, Shape

UTF8 = Shape("utf-8", ",")


def read(body: bytes, *, shape: Shape = UTF8, size: int = 10) -> list[Row | BadRow]:
    return list(read_rows((body[at : at + size] for at in range(0, len(body), size)), shape))


def outcome(body: bytes, *, shape: Shape = UTF8) -> list[tuple[int, object]]:
    return [(row.line, row.cells if isinstance(row, Row) else row.reason.code) for row in read(body, shape=shape)]


def test_rows_keep_their_line_numbers() -> None:
    assert outcome(b'a,b\r\n\r\n"x\ny",2\n3,4') == [(1, ["a", "b"]), (3, ["x\ny", "2"]), (5, ["3", "4"])]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"1,\0,3", "nul"),
        (b"1,\xff\xfe,3", "not_text"),
        (b"x" * (LINE_BYTES + 1), "line_too_long"),
        (b'1,"open', "quote_not_closed"),
        (b'1,"a"b,3', "bad_csv"),
        (b"1,a\rb,3", "bad_csv"),
        (b"1," + b"y" * 200_000, "bad_csv"),
    ],
)
def test_bad_line_costs_only_itself(bad: bytes, code: str) -> None:
    assert outcome(b"a,b\n" + bad + b"\n5,6\n7,8\n") == [(1, ["a", "b"]), (2, code), (3, ["5", "6"]), (4, ["7", "8"])]


def test_open_quote_releases_following_rows() -> None:
    body = b'a\n"never closed\n' + b"1\n" * 300
    found = read(body)
    assert [row.line for row in found if isinstance(row, BadRow)] == [2]
    assert len(found) == 302


def test_ten_megabyte_line_stays_small() -> None:
    def chunks() -> Iterator[bytes]:
        yield b"a,b\n"
        for _ in range(160):
            yield b"z" * 65536
        yield b"\n1,2\n"

    tracemalloc.start()
    rows = list(read_rows(chunks(), UTF8))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.line for row in rows] == [1, 2, 3]
    assert peak < 3_000_000


def test_byte_order_mark_is_dropped() -> None:
    body = "编号,b\n1,2\n".encode("utf-8-sig")
    assert read_header([body], Shape("utf-8-sig", ","))[0] == ["编号", "b"]


def test_gb18030_is_cut_between_characters() -> None:
    body = "渠道,名\n抖音,张三\n".encode("gb18030")
    assert outcome(body, shape=Shape("gb18030", ",")) == [(1, ["渠道", "名"]), (2, ["抖音", "张三"])]


def test_header_names_are_made_distinct() -> None:
    assert read_header([b"a,,a, b  c \n"], UTF8)[0] == ["a", "column 2", "a (3)", "b c"]


@pytest.mark.parametrize("body", [b"", b"\n\n", b"\xff\xff\n", b"a," * 600 + b"\n", b"x" * (LINE_BYTES * 2) + b"\n1\n"])
def test_unusable_header_is_refused(body: bytes) -> None:
    with pytest.raises(NotReadable):
        read_header([body], UTF8)


@settings(deadline=None, max_examples=200)
@given(
    lines=st.lists(
        st.sampled_from([b"1,2", b"", b'"a,b",3', b'"open', b'x" y', b"\0", b"\xff", b"a\rb", b"z\r", b'"', b'"x""y",'])
    ),
    size=st.integers(1, 60),
)
def test_blocks_do_not_change_rows(lines: list[bytes], size: int) -> None:
    body = b"\n".join(lines)
    assert read(body, size=size) == read(body, size=1) == read(body, size=len(body) + 1)


@settings(deadline=None, max_examples=60)
@given(
    body=st.binary(max_size=400).map(lambda raw: raw.replace(b"x", b'"').replace(b"y", b"\n")), size=st.integers(1, 50)
)
def test_any_bytes_can_be_resumed(body: bytes, size: int) -> None:
    whole = read(body, size=size)
    for index, row in enumerate(whole):
        rest = list(read_rows([body[row.end.offset :]], UTF8, start=row.end))
        assert rest == whole[index + 1 :]
