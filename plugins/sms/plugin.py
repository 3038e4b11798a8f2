"""Registers the channel `sms` and hands each verb to the provider in the settings."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from core.sdk import (
    Answer,
    Channel,
    Event,
    HttpClient,
    Message,
    Outcome,
    Preview,
    Pulled,
    Request,
    Sought,
    Text,
    Throttled,
    Unreachable,
    hookimpl,
    now,
)
from plugins.sms.composing import write_preview
from plugins.sms.provider import OpenHttp
from plugins.sms.providers import provider_of
from plugins.sms.settings import SmsSettings
from plugins.sms.smpp.provider import SmppSms

LOOKUP_BUDGET = timedelta(seconds=40)
"""The host gives a look-up a minute; who was not asked about in this time is asked about next time."""


class SmsChannel(Channel[SmsSettings]):
    """Text messages. `open_http` is replaced in tests."""

    key = "sms"
    settings_model = SmsSettings

    def __init__(self, open_http: OpenHttp = HttpClient) -> None:
        self._open_http = open_http

    def check(self, settings: SmsSettings) -> tuple[Text, ...]:
        """The account works and the template is the approved one; the sandbox reminds of itself."""
        return provider_of(settings, self._open_http).check()

    def answer(self, request: Request, settings: SmsSettings) -> Answer:
        """Take receipts and replies, proven where the provider signs them."""
        return provider_of(settings, self._open_http).answer(request)

    def parse(self, request: Request, settings: SmsSettings) -> list[Event]:
        """Receipts, replies and opt-outs."""
        return provider_of(settings, self._open_http).parse(request)

    def preview(self, message: Message, settings: SmsSettings) -> Preview:
        """The text with its signature, in parts."""
        return write_preview(message, settings)

    def deliver(self, messages: Sequence[Message], settings: SmsSettings) -> Iterator[Outcome]:
        """Send by the chosen provider."""
        yield from provider_of(settings, self._open_http).deliver(messages)

    def pull(self, cursor: str | None, settings: SmsSettings) -> Pulled:
        """Hear what a message centre holds for us; all others call by themselves."""
        provider = provider_of(settings, self._open_http)
        return provider.pull(cursor) if isinstance(provider, SmppSms) else Pulled(cursor=cursor)

    def lookup(self, keys: Sequence[Sought], settings: SmsSettings) -> list[Event]:
        """Ask the chosen provider; what was heard before it failed is kept."""
        events: list[Event] = []
        started = now()
        try:
            for event in provider_of(settings, self._open_http).lookup(keys):
                events.append(event)
                if now() - started > LOOKUP_BUDGET:
                    break
        except (Unreachable, Throttled):
            if not events:
                raise
        return events


@hookimpl
def siyu_register_channels() -> list[SmsChannel]:
    """One channel."""
    return [SmsChannel()]
