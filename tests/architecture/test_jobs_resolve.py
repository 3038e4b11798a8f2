"""Every kind of job names a worker function that exists, one file a kind."""

import inspect

import pytest

from core.jobs.kinds import KINDS, QUEUES


@pytest.mark.parametrize("name", sorted(KINDS))
def test_job_string_resolves_to_function(name: str) -> None:
    kind = KINDS[name]
    assert kind.target.startswith("workers.")
    assert kind.queue in QUEUES
    assert list(inspect.signature(kind.resolve()).parameters) == ["job"]
