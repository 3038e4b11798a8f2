"""What everybody who calls the channel's hook has in common: an answer before the acknowledgement, events later."""

from typing import Protocol

from core.sdk import Answer, Event, Request


class Door(Protocol):
    """One vendor's way in, for one request."""

    def answer(self, request: Request) -> Answer:
        """Believe it or not, and reply in the vendor's words; see `core.sdk.Channel.answer`."""

    def parse(self, request: Request) -> list[Event]:
        """What it says."""
