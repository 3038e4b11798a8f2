"""Twilio's stand-in: Basic auth, one message a call, callbacks signed by Twilio's own library."""

import json
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from twilio.request_validator import RequestValidator
from werkzeug import Request, Response

from core import clock
from tests.factories.sms import PREFIX, TEMPLATE
from tests.plugins.sms.standins.server import Callback, Log, Sent

SID, TOKEN = "AC" + "0" * 32, "token-00000000000000"
REFUSALS = {"forged": (20003, 401), "throttled": (20429, 429), "empty": (20003, 403)}


class TwilioVendor:
    """Answers as api.twilio.com does."""

    def __init__(self) -> None:
        self.log = Log()
        self.codes: dict[str, int] = {}
        """What to say to some numbers instead of 201."""

    def form(self, *, hook: str = "https://hooks.example/hooks/secret") -> dict[str, Any]:
        provider = {"kind": "twilio", "account_sid": SID, "auth_token": TOKEN, "sender": "+15005550006"}
        provider |= {"callback_url": hook or "https://hooks.example/hooks/secret"}
        return {"signature": "思域好物", "template": TEMPLATE, "link_prefix": PREFIX, "provider": provider}

    def with_wrong_key(self, form: dict[str, Any]) -> dict[str, Any]:
        return form | {"provider": form["provider"] | {"auth_token": "another-token-0000000"}}

    def is_genuine(self, request: Request) -> bool:
        given = request.authorization
        return given is not None and (given.username, given.password) == (SID, TOKEN)

    def query(self, request: Request) -> Response | None:
        if request.method != "GET":
            return None
        name = request.path.rpartition("/")[2].removesuffix(".json")
        if name == SID:
            return _json({"sid": SID, "status": "active", "type": "Full"}, 200)
        found = next((one for one in self.log.sent if one.id == name), None)
        return _json(_message(found), 200) if found else _json({"code": 20404, "status": 404}, 404)

    def accept(self, request: Request) -> Response:
        fields = request.form
        if code := self.codes.get(fields["To"]):
            return _json({"code": code, "message": "no", "status": 400}, 400)
        query = urlsplit(fields["StatusCallback"]).query
        sid = f"SM{len(self.log.sent) + 1:032d}"
        self.log.sent.append(Sent(fields["To"], sid, query, fields["Body"]))
        return _json({"sid": sid, "status": "queued", "num_segments": "1", "error_code": None, "to": fields["To"]}, 201)

    def refuse(self, why: Literal["forged", "throttled", "empty"]) -> Response:
        code, status = REFUSALS[why]
        return _json({"code": code, "message": why, "status": status}, status)

    def callbacks(self, *, hook: str) -> list[Callback]:
        told: list[Callback] = []
        for one in self.log.sent:
            last = "delivered" if one.is_delivered else "undelivered"
            for status in ("sent", last):
                form = {"MessageSid": one.id, "MessageStatus": status, "SmsSid": one.id, "SmsStatus": status}
                form |= {"To": one.phone, "From": "+15005550006", "AccountSid": SID}
                form |= {"ErrorCode": "30003"} if status == "undelivered" else {}
                told.append(_signed(hook, form, one.key))
        for number, (one, text) in enumerate(zip(self.log.sent, ("R", "什么时候到货"), strict=False)):
            form = {"MessageSid": f"SMin{number}", "SmsStatus": "received", "From": one.phone, "To": "+15005550006"}
            told.append(_signed(hook, form | {"Body": text, "NumMedia": "0"}, ""))
        return told


def _signed(hook: str, form: dict[str, str], query: str) -> Callback:
    url = f"{hook}?{query}" if query else hook
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    body = urlencode(form).encode()
    assert dict(parse_qsl(body.decode(), keep_blank_values=True)) == form
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    return Callback(body, headers, query)


def _message(one: Sent) -> dict[str, Any]:
    status = "delivered" if one.is_delivered else "undelivered"
    error = None if one.is_delivered else 30003
    when = clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000")
    return {"sid": one.id, "status": status, "num_segments": "1", "error_code": error, "date_updated": when}


def _json(told: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(told), status, content_type="application/json")
