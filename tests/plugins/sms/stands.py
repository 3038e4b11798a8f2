"""The simulator's vendors of text messages, each with the settings of a channel that uses it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from core import clock
from core.sdk import HttpClient
from core.simulator.moods import Answers, Moods
from core.simulator.stage import Simulator
from core.simulator.texts import Ending, Sent, SmsVendor
from core.simulator.vendors.aliyun import Aliyun
from core.simulator.vendors.sms_gateway import SmsGateway
from core.simulator.vendors.tencent import Tencent
from core.simulator.vendors.twilio import Twilio
from plugins.sms.plugin import SmsChannel
from tests.factories.sms import PREFIX, TEMPLATE
from tests.simulators import reachable

Mode = Literal["silent", "broken", "throttled", "empty"]
ANSWERS: dict[Mode, Answers] = {"silent": "hanging", "broken": "broken", "throttled": "busy", "empty": "empty"}
HOOK = "https://hooks.example/hooks/secret"
LISTS = ("headers", "success_values", "refused_values", "throttled_values", "field_names")


@dataclass(frozen=True)
class Callback:
    """A request of the vendor to us."""

    body: bytes
    headers: dict[str, str]
    query: str = ""


class Stand:
    """One simulated vendor. Of the numbers 1 and 2 come replies, 3 is never reached."""

    kind: type[SmsVendor]
    secret: str
    provider: str
    positional = False

    def __init__(self) -> None:
        self.vendor = self.kind()
        self.vendor.endings = {"01": Ending(reply="R"), "02": Ending(reply="什么时候到货"), "03": Ending("failed")}
        self.simulator = Simulator(only=[self.vendor])
        self.sessions = 0
        self.approve(TEMPLATE)

    @property
    def account(self) -> dict[str, Any]:
        told = self.vendor.account.items()
        return {"kind": self.provider} | {name: value.split(", ") if name in LISTS else value for name, value in told}

    @property
    def sent(self) -> list[Sent]:
        return self.vendor.sent

    @property
    def calls(self) -> int:
        return sum(one.kind == "call" for one in self.simulator.conversation.entries())

    @property
    def forged(self) -> int:
        return sum(one.state == "forged" for one in self.simulator.conversation.entries())

    def behave(self, mode: Mode | None) -> None:
        self.simulator.moods[self.vendor.key] = Moods(answers=ANSWERS[mode] if mode else "fine")

    def approve(self, template: str) -> None:
        text = template.replace("${link}", PREFIX + "${code}")
        if self.positional:
            text = re.sub(r"\$\{\w+\}", "{1}", text)
        self.vendor.settings["template"] = text

    def form(self, *, hook: str = "") -> dict[str, Any]:
        return {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": self.account}

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        return form | {"provider": form["provider"] | {self.secret: "another-secret-0000000"}}

    def callbacks(self, *, hook: str) -> list[Callback]:
        """Receipts for all that was sent, by twos, and the replies, signed now."""
        sent = self.vendor.sent
        news = [one for start in range(0, len(sent), 2) for one in self.vendor.receipts(sent[start : start + 2])]
        replies = [(one.phone, self.vendor.ending_of(one).reply) for one in sent]
        news += [self.vendor.reply(phone, text, n) for n, (phone, text) in enumerate(replies) if text]
        packed = [self.vendor.pack(one, one.url or hook, clock.now()) for one in news]
        return [Callback(one.body, dict(one.headers), one.url.partition("?")[2]) for one in packed]


class AliyunStand(Stand):
    kind, secret, provider = Aliyun, "access_key_secret", "aliyun"


class TencentStand(Stand):
    kind, secret, provider, positional = Tencent, "secret_key", "tencent", True


class TwilioStand(Stand):
    kind, secret, provider = Twilio, "auth_token", "twilio"

    def form(self, *, hook: str = HOOK) -> dict[str, Any]:
        form = super().form()
        return form | {"provider": form["provider"] | {"callback_url": hook or HOOK}}


class GatewayStand(Stand):
    kind, secret, provider = SmsGateway, "secret", "gateway"


STANDS: dict[str, type[Stand]] = {
    "aliyun": AliyunStand,
    "tencent": TencentStand,
    "twilio": TwilioStand,
    "gateway": GatewayStand,
}


@contextmanager
def serving(stand: Stand, *, timeout: float = 10.0) -> Iterator[SmsChannel]:
    """The plugin, with the vendor at the other end of a real connection, by the way that users take."""

    def open_http() -> HttpClient:
        stand.sessions += 1
        return HttpClient(timeout=timeout)

    with reachable(stand.simulator):
        yield SmsChannel(open_http)
