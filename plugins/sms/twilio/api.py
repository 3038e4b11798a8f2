"""The calls of Twilio's REST API (2010-04-01) that we make."""

import base64
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from pydantic import JsonValue

from core.sdk import HttpClient, HttpReply, Unknown
from plugins.sms.twilio.account import TwilioAccount
from plugins.sms.twilio.codes import failure_of

HOST = "api.twilio.com"
Answer = Mapping[str, JsonValue]


class TwilioApi:
    """One account for one verb call; `http` is open."""

    def __init__(self, http: HttpClient, account: TwilioAccount) -> None:
        self._http = http
        self._account = account

    def send(self, to: str, text: str, *, callback: str) -> Answer:
        """Send one message and return it as Twilio keeps it. Raises one of the five failures.

        Not idempotent: after `Unknown` the message may have left.
        """
        sender = "MessagingServiceSid" if self._account.sender.startswith("MG") else "From"
        form = {"To": to, sender: self._account.sender, "Body": text}
        if callback:
            form["StatusCallback"] = callback
        told = self._call("POST", "/Messages.json", form)
        if not isinstance(told.get("sid"), str) or not told["sid"]:
            raise Unknown("Twilio took the message without an id")
        return told

    def message(self, sid: str) -> Answer | None:
        """A message as it is now; None when Twilio has none of this id."""
        try:
            return self._call("GET", f"/Messages/{quote(sid, safe='')}.json")
        except LookupError:
            return None

    def account(self) -> Answer:
        """The account itself: `status` and `type`."""
        try:
            return self._call("GET", ".json")
        except LookupError:
            raise failure_of("20404", 404) from None

    def _call(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        sid, token = self._account.account_sid, self._account.auth_token.get_secret_value()
        headers = {"authorization": "Basic " + base64.b64encode(f"{sid}:{token}".encode()).decode()}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        reply = self._http.send(
            method,
            f"https://{HOST}/2010-04-01/Accounts/{sid}{path}",
            headers=headers,
            content=urlencode(form or {}).encode(),
            repeatable=method == "GET",
        )
        return _read(reply, is_query=method == "GET")


def _read(reply: HttpReply, *, is_query: bool) -> Answer:
    told = reply.json()
    if not isinstance(told, dict):
        raise Unknown("Twilio answered something that is no object")
    if is_query and reply.status == 404:
        raise LookupError
    if reply.status >= 400:
        code = told.get("code")
        raise failure_of(str(code) if isinstance(code, int) else "", reply.status)
    return told
