"""A made-up gateway with an HTTP interface of its own, and webhooks by the Standard Webhooks specification."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.texts import Sent, SmsVendor
from core.simulator.wire import Asked, News, Posting, Reply, dump, say

SECRET, KEY = "siyu-simulator-gateway", b"siyu-simulator-gateway-webhooks!"
HTTP_STATUS = {"4010": 401}


class SmsGateway(SmsVendor):
    """Answers as the settings under `account` describe it."""

    key = "sms_gateway"
    name = Text(zh="通用短信网关", en="Generic SMS gateway")
    hosts = (f"sms-{MARK}.example.com",)
    account = {
        "url": f"https://sms-{MARK}.example.com/v2/send?account=siyu",
        "body": '{"mobile":"${national}","content":"${text}","extra":{"ref":"${key}"}}',
        "headers": "Authorization: Bearer ${secret}",
        "secret": SECRET,
        "success_field": "result.code",
        "success_values": "0",
        "refused_values": "4003",
        "throttled_values": "4290",
        "id_field": "result.msgid",
        "webhook_secret": f"whsec_{base64.b64encode(KEY).decode()}",
        "items_field": "list",
        "field_names": "phone=mobile, state=report.status, code=report.code, provider_id=msgid, key=extra.ref",
    }
    troubles = {"forged": "4010", "garbage": "4000", "busy": "4290", "empty": "4020"}
    retries = (5, 300, 1800)
    ack_within = 15.0

    def why_forged(self, asked: Asked) -> str:
        """A bearer token."""
        return "" if asked.headers["authorization"] == f"Bearer {SECRET}" else "another token"

    def answer(self, asked: Asked) -> Reply:
        """Take one message."""
        told = asked.fields
        phone, number = f"+86{told['mobile']}", f"g-{MARK}-{self.fresh_number()}"
        code = self.codes.get(phone, "0")
        if code == "0":
            extra = told["extra"]
            key = str(extra["ref"]) if isinstance(extra, dict) else ""
            self.took([Sent(phone, number, key, str(told["content"]))])
        return _say(code, msgid=number)

    def refuse(self, code: str) -> Reply:
        """The code inside the answer."""
        return _say(code, status=HTTP_STATUS.get(code, 200))

    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """A list of reports."""
        reports: list[JsonValue] = [
            {
                "mobile": one.phone.removeprefix("+86"),
                "msgid": one.id,
                "extra": {"ref": one.key},
                "report": {
                    "status": "DELIVRD" if self.ending_of(one).state == "delivered" else "UNDELIV",
                    "code": "000",
                },
                "at": int(clock.now().timestamp()),
            }
            for one in messages
        ]
        return [News("reports", dump({"list": reports}), after=self.receipt_after)] if reports else []

    def reply(self, phone: str, text: str, number: int) -> News:
        """A list with one reply."""
        item: JsonValue = {"mobile": phone.removeprefix("+86"), "text": text, "at": clock.now().isoformat()}
        return News("reply", dump({"list": [item]}), after=self.reply_after)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """Standard Webhooks 1.0; the same news has the same id at every attempt."""
        name, second = f"msg_{hashlib.sha256(news.content).hexdigest()[:24]}", str(int(at.timestamp()))
        signed = hmac.new(KEY, f"{name}.{second}.".encode() + news.content, hashlib.sha256).digest()
        headers = {"content-type": "application/json", "webhook-id": name, "webhook-timestamp": second}
        headers |= {"webhook-signature": f"v1,{base64.b64encode(signed).decode()}"}
        return Posting(url, news.content, headers)


def _say(code: str, *, status: int = 200, **fields: str) -> Reply:
    return say({"result": {"code": int(code), **fields}}, status)
