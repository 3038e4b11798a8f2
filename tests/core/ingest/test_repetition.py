"""Equal rows of a file stay apart, and the same file gives the same keys again."""

from array import array
from hashlib import sha256

from core.ingest.repetition import RowKeys, canonical_row, find_repeated, fingerprint

ROWS = [["a", "1"], ["b", "2"], ["a", "1"], ["a ", "1"], ["c", "3"]]


def keys(rows: list[list[str]], *, skip: int = 0) -> list[str]:
    repeated = find_repeated(array("Q", (fingerprint(canonical_row(row)) for row in rows)))
    maker = RowKeys(repeated=repeated, digest=lambda text: sha256(text.encode()).hexdigest())
    for row in rows[:skip]:
        maker.meet(row)
    return [maker.key_of(row) for row in rows[skip:]]


def test_equal_rows_get_distinct_keys() -> None:
    assert len(set(keys(ROWS))) == len(ROWS)


def test_same_file_gives_same_keys() -> None:
    assert keys(ROWS) == keys([list(row) for row in ROWS])


def test_resumed_reading_gives_same_keys() -> None:
    assert keys(ROWS, skip=3) == keys(ROWS)[3:]


def test_grown_file_keeps_old_keys() -> None:
    assert keys([*ROWS, ["a", "1"]])[: len(ROWS)] == keys(ROWS)


def test_only_repeated_rows_are_counted() -> None:
    assert find_repeated(array("Q", [5, 7, 5, 9])) == {5}
    assert find_repeated(array("Q")) == set()
