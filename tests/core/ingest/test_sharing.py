"""Requests that meet share a commit, and each hears of its own failure."""

import threading

import pytest

from core.ingest.sharing import SharedCommit


def test_requests_that_meet_share_commits() -> None:
    entered, go_on = threading.Event(), threading.Event()
    batches: list[list[int]] = []

    def commit(tenant: int, items: list[int]) -> None:
        batches.append(items)
        entered.set()
        assert go_on.wait(10)

    shared = SharedCommit(commit)
    first = threading.Thread(target=shared.write, args=(1, [0]))
    first.start()
    assert entered.wait(10)
    others = [threading.Thread(target=shared.write, args=(1, [number])) for number in range(1, 9)]
    for thread in others:
        thread.start()
    while sum(len(share.items) for share in shared._waiting.get(1, [])) < 8:
        pass
    go_on.set()
    for thread in [first, *others]:
        thread.join(10)
    assert batches[0] == [0]
    assert sorted(batches[1]) == list(range(1, 9))


def test_failed_commit_reaches_its_writer() -> None:
    def commit(tenant: int, items: list[int]) -> None:
        raise OSError("disk full")

    shared = SharedCommit(commit)
    for _ in range(2):
        with pytest.raises(OSError, match="disk full"):
            shared.write(1, [1])
