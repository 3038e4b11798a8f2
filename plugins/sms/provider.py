"""What every provider answers, and which one a channel's settings choose."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from core.sdk import Answer, Event, HttpClient, Message, Outcome, Request, Sought, Text

OpenHttp = Callable[[], HttpClient]


class Provider(Protocol):
    """One vendor with one account, for one call of the plugin."""

    def check(self) -> tuple[Text, ...]:
        """Try the account; see `core.sdk.Channel.check`."""

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send; see `core.sdk.Channel.deliver`."""

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Ask what became of messages, one after the other."""

    def answer(self, request: Request) -> Answer:
        """Believe a push or not, and reply in the vendor's words."""

    def parse(self, request: Request) -> list[Event]:
        """What a push says."""
