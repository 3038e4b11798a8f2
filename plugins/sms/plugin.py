"""Registers the channel `sms` and hands each verb to the provider in the settings."""

from collections.abc import Callable, Iterator, Sequence

from core.sdk import (
    Answer,
    Channel,
    Event,
    HttpClient,
    Message,
    Outcome,
    Preview,
    Request,
    Sought,
    Text,
    hookimpl,
)
from plugins.sms import aliyun, sandbox
from plugins.sms.composing import write_preview
from plugins.sms.pushes import answer_push, parse_push
from plugins.sms.settings import AliyunProvider, SmsSettings

SANDBOX = Text(zh="沙箱不会真的发送短信。", en="The sandbox sends nothing.")


class SmsChannel(Channel[SmsSettings]):
    """Text messages. `open_http` is replaced in tests."""

    key = "sms"
    settings_model = SmsSettings

    def __init__(self, open_http: Callable[[], HttpClient] = HttpClient) -> None:
        self._open_http = open_http

    def check(self, settings: SmsSettings) -> tuple[Text, ...]:
        """Aliyun: the key works and the template is the approved one. Sandbox: a reminder."""
        if not isinstance(settings.provider, AliyunProvider):
            return (SANDBOX,)
        with self._open_http() as http:
            return aliyun.check(http, settings.provider, settings)

    def answer(self, request: Request, settings: SmsSettings) -> Answer:
        """Take receipts and replies; there is no signature to check."""
        return answer_push(request)

    def parse(self, request: Request, settings: SmsSettings) -> list[Event]:
        """Receipts, replies and opt-outs."""
        return parse_push(request, settings)

    def preview(self, message: Message, settings: SmsSettings) -> Preview:
        """The text with its signature, in parts."""
        return write_preview(message, settings)

    def deliver(self, messages: Sequence[Message], settings: SmsSettings) -> Iterator[Outcome]:
        """Send by the chosen provider."""
        if not isinstance(settings.provider, AliyunProvider):
            yield from sandbox.deliver(messages, settings)
            return
        with self._open_http() as http:
            yield from aliyun.deliver(http, settings.provider, messages, settings)

    def lookup(self, keys: Sequence[Sought], settings: SmsSettings) -> list[Event]:
        """Ask the chosen provider."""
        if not isinstance(settings.provider, AliyunProvider):
            return list(sandbox.lookup(keys, settings))
        with self._open_http() as http:
            return list(aliyun.lookup(http, settings.provider, keys))


@hookimpl
def siyu_register_channels() -> list[SmsChannel]:
    """One channel."""
    return [SmsChannel()]
