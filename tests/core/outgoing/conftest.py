"""A receiver in the place of the network, and a brand that something happens to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from core import clock
from core.outgoing import sending

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Receiver:
    """Keeps what it was sent; answers the next of `answers`, or 200."""

    answers: list[httpx.Response | Exception] = field(default_factory=list)
    taken: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.taken.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    receiver = Receiver()
    monkeypatch.setattr(sending, "public_way", lambda: httpx.MockTransport(receiver))
    return receiver
