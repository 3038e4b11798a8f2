"""The journal of clicks, written by one and read by another."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.placements.journal import Journal
from core.placements.journal_reader import JournalReader, list_journals

KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clicks"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    made = Journal(folder, KEY)
    yield made
    made.close()


def only_reader(folder: Path) -> JournalReader:
    (path,) = list_journals(folder)
    return JournalReader(path, KEY)


def test_appended_clicks_are_read_at_once(journal: Journal, folder: Path) -> None:
    journal.append(b"one")
    journal.append(b"two")
    reader = only_reader(folder)
    assert reader.take() == [b"one", b"two"]
    reader.close()


def test_unconfirmed_clicks_are_taken_again(journal: Journal, folder: Path) -> None:
    journal.append(b"one")
    reader = only_reader(folder)
    assert reader.take() == reader.take() == [b"one"]
    reader.confirm()
    journal.append(b"two")
    assert reader.take() == [b"two"]
    reader.close()


def test_live_journal_is_not_finished(journal: Journal, folder: Path) -> None:
    journal.append(b"one")
    reader = only_reader(folder)
    assert not reader.is_finished()
    journal.close()
    assert reader.is_finished()
    reader.close()


def test_stored_journal_is_removed(journal: Journal, folder: Path) -> None:
    journal.append(b"one")
    journal.close()
    reader = only_reader(folder)
    reader.take()
    reader.confirm()
    assert reader.retire()
    assert list(folder.iterdir()) == []


def test_unreadable_journal_is_set_aside(journal: Journal, folder: Path) -> None:
    journal.append(b"one")
    journal.close()
    (path,) = list_journals(folder)
    reader = JournalReader(path, b"x" * 32)
    assert reader.take() == []
    assert not reader.retire()
    assert [p.suffix for p in folder.iterdir()] == [".torn"]


def test_many_threads_lose_nothing(journal: Journal, folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.append(str(n).encode()), range(2000)))
    reader = only_reader(folder)
    assert sorted(map(int, reader.take())) == list(range(2000))
    reader.close()


def test_long_journal_goes_on_in_another_file(folder: Path) -> None:
    journal = Journal(folder, KEY, rotate_bytes=1000)
    deadline = time.monotonic() + 10
    written = 0
    while len(list(list_journals(folder))) < 3 and time.monotonic() < deadline:
        journal.append(b"%d" % written)
        written += 1
    journal.close()
    found: list[bytes] = []
    for path in list_journals(folder):
        reader = JournalReader(path, KEY)
        while batch := reader.take():
            found += batch
            reader.confirm()
        reader.close()
    assert [int(payload) for payload in found] == list(range(written))


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # only the child appends after the fork
def test_killed_writer_leaves_every_appended_click(folder: Path) -> None:
    end, start = os.pipe()
    child = os.fork()
    if child == 0:
        journal = Journal(folder, KEY)
        for number in range(500):
            journal.append(b"%d" % number)
        os.write(start, b"x")
        signal.pause()
    os.read(end, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    reader = only_reader(folder)
    assert reader.is_finished()
    assert [int(payload) for payload in reader.take()] == list(range(500))
    reader.close()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forking on purpose
def test_forked_child_writes_its_own_file(journal: Journal, folder: Path) -> None:
    journal.append(b"parent")
    child = os.fork()
    if child == 0:
        journal.append(b"child")
        os._exit(0)
    os.waitpid(child, 0)
    assert len(list(list_journals(folder))) == 2
