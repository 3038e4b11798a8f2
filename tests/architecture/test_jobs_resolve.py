"""Every kind of job names a worker function that exists, one file a kind, and has words for people."""

import inspect

import pytest

from admin_ui.words import book
from core.jobs.kinds import KINDS, QUEUES


@pytest.mark.parametrize("name", sorted(KINDS))
def test_job_string_resolves_to_function(name: str) -> None:
    kind = KINDS[name]
    assert kind.target.startswith("workers.")
    assert kind.queue in QUEUES
    assert list(inspect.signature(kind.resolve()).parameters) == ["job"]


def test_every_kind_has_words_for_people() -> None:
    assert {kind for kind in KINDS if f"kinds.{kind.replace('.', '_')}" not in book()} == set()
