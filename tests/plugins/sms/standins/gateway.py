"""A made-up provider with an HTTP interface of its own, and webhooks by the Standard Webhooks specification."""

import base64
import hashlib
import hmac
import json
from typing import Any, Literal

from werkzeug import Request, Response

from core import clock
from tests.factories.sms import PREFIX, TEMPLATE
from tests.plugins.sms.standins.server import Callback, Log, Sent

KEY = base64.b64encode(b"a shared secret of 32 characters").decode()
PROVIDER = {
    "kind": "gateway",
    "url": "https://sms.example.com/v2/send?account=siyu",
    "body": '{"mobile":"${national}","content":"${text}","extra":{"ref":"${key}"}}',
    "headers": ["Authorization: Bearer ${secret}", "X-Batch: ${group}"],
    "secret": "secret-000000000000",
    "success_field": "result.code",
    "success_values": ["0"],
    "refused_values": ["4003"],
    "throttled_values": ["4290"],
    "id_field": "result.msgid",
    "webhook_secret": f"whsec_{KEY}",
    "items_field": "list",
    "field_names": ["phone=mobile", "state=report.status", "code=report.code", "provider_id=msgid", "key=extra.ref"],
}
REFUSALS = {"forged": ("4010", 401), "throttled": ("4290", 200), "empty": ("4020", 200)}


class GatewayVendor:
    """Answers as its settings describe."""

    def __init__(self) -> None:
        self.log = Log()
        self.codes: dict[str, str] = {}
        """What to say to some numbers instead of 0."""

    def form(self, *, hook: str = "") -> dict[str, Any]:
        return {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": PROVIDER}

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        return form | {"provider": PROVIDER | {"secret": "another-secret-0000"}}

    def is_genuine(self, request: Request) -> bool:
        return request.headers.get("Authorization") == "Bearer secret-000000000000"

    def query(self, request: Request) -> Response | None:
        return None

    def accept(self, request: Request) -> Response:
        assert request.headers["Content-Type"] == "application/json"
        assert request.args["account"] == "siyu"
        told = json.loads(request.get_data())
        code, number = self.codes.get(f"+86{told['mobile']}", "0"), f"g-{len(self.log.sent) + 1}"
        if code == "0":
            self.log.sent.append(Sent(f"+86{told['mobile']}", number, told["extra"]["ref"], told["content"]))
        return _say(code, msgid=number)

    def refuse(self, why: Literal["forged", "throttled", "empty"]) -> Response:
        code, status = REFUSALS[why]
        return _say(code, status=status)

    def callbacks(self, *, hook: str) -> list[Callback]:
        reports: list[dict[str, Any]] = [
            {
                "mobile": one.phone.removeprefix("+86"),
                "msgid": one.id,
                "extra": {"ref": one.key},
                "report": {"status": "DELIVRD" if one.is_delivered else "UNDELIV", "code": "000"},
                "at": int(clock.now().timestamp()),
            }
            for one in self.log.sent
        ]
        replies: list[dict[str, Any]] = [
            {"mobile": one.phone.removeprefix("+86"), "text": text, "at": "2026-11-21T13:00:00+08:00"}
            for one, text in zip(self.log.sent, ("R", "什么时候到货"), strict=False)
        ]
        pushes = [reports[:2], reports[2:], *[[reply] for reply in replies]]
        return [_signed(number, push) for number, push in enumerate(pushes) if push]


def _signed(number: int, items: list[dict[str, Any]]) -> Callback:
    body, second = json.dumps({"list": items}).encode(), str(int(clock.now().timestamp()))
    text = f"push-{number}.{second}.".encode() + body
    signature = base64.b64encode(hmac.new(base64.b64decode(KEY), text, hashlib.sha256).digest()).decode()
    headers = {"content-type": "application/json", "webhook-id": f"push-{number}"}
    return Callback(body, headers | {"webhook-timestamp": second, "webhook-signature": f"v1,{signature}"})


def _say(code: str, *, status: int = 200, **fields: str) -> Response:
    return Response(json.dumps({"result": {"code": int(code)} | fields}), status, content_type="application/json")
