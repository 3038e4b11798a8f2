"""Messages, settings and a stand-in for Aliyun's servers."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx

from core.sdk import HttpClient, IdentityClaim, Message
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings

TEMPLATE = "新品到店，点 ${link} 查看 拒收请回复R"
PREFIX = "https://go.example.com/t/"
ACCOUNT = {
    "kind": "aliyun",
    "access_key_id": "LTAI00000000",
    "access_key_secret": "secret-000000000000",
    "template_code": "SMS_100000001",
}


def make_settings(**changes: Any) -> SmsSettings:  # any setting
    form = {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": ACCOUNT}
    return SmsSettings.model_validate(form | changes)


def make_sandbox(**changes: Any) -> SmsSettings:  # any setting
    return make_settings(**({"provider": {"kind": "sandbox"}} | changes))


def make_message(number: int = 1, **changes: Any) -> Message:  # any field
    made = {
        "key": f"m{number}",
        "to": IdentityClaim(kind="phone", value=f"+86139{number:08}"),
        "group": "campaign-1",
        "variables": {"code": f"Ab12Cd34{number:06}"},
    }
    return Message.model_validate(made | changes)


class FakeAliyun:
    """Answers like the vendor and remembers what it was sent."""

    def __init__(self, answer: Callable[["FakeAliyun", str, dict[str, Any]], httpx.Response]) -> None:
        self.answer = answer
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[httpx.Headers] = []

    def channel(self) -> SmsChannel:
        return SmsChannel(lambda: HttpClient(transport=httpx.MockTransport(self._take)))

    @property
    def batches(self) -> list[list[str]]:
        return [fields["PhoneNumberJson"] for action, fields in self.calls if action == "SendBatchSms"]

    def _take(self, request: httpx.Request) -> httpx.Response:
        fields: dict[str, Any] = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        fields |= dict(request.url.params)
        for name in [name for name in fields if name.endswith("Json")]:
            fields[name] = json.loads(fields[name])
        action = request.headers["x-acs-action"]
        self.headers.append(request.headers)
        self.calls.append((action, fields))
        return self.answer(self, action, fields)


def ok(**fields: Any) -> httpx.Response:  # a vendor's answer
    return httpx.Response(200, json={"Code": "OK", "Message": "OK", "RequestId": "r"} | fields)


def no(code: str, message: str = "", status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"Code": code, "Message": message, "RequestId": "r"})
