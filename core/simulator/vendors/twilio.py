"""Twilio's messages: Basic auth, one a call, statuses to the address of the call, all callbacks signed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.simulated import MARK
from core.simulator.texts import Sent, SmsVendor
from core.simulator.wire import Asked, News, Posting, Reply, say

SID, TOKEN = f"AC{MARK:0<32}", "siyu-simulator-twilio"
NUMBER = "+15005550006"
HTTP_STATUS = {"20003": 401, "20404": 404, "20429": 429}


class Twilio(SmsVendor):
    """Answers as api.twilio.com does."""

    key = "twilio"
    name = Text(zh="Twilio", en="Twilio")
    hosts = ("api.twilio.com",)
    account = {"account_sid": SID, "auth_token": TOKEN, "sender": NUMBER}
    troubles = {"forged": "20003", "garbage": "21604", "busy": "20429", "empty": "20003"}
    retries = (1, 5, 30)
    ack_within = 15.0

    def why_forged(self, asked: Asked) -> str:
        """Account SID and auth token by Basic auth."""
        given = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        return "" if given == f"{SID}:{TOKEN}" else "another Account SID or auth token"

    def answer(self, asked: Asked) -> Reply:
        """Messages.json, one message, and the account."""
        name = asked.path.rpartition("/")[2].removesuffix(".json")
        if asked.method == "POST" and name == "Messages":
            return self._send(asked.form)
        if name == SID:
            return say({"sid": SID, "status": "active", "type": "Full"})
        found = next((one for one in self.sent if one.id == name), None)
        return say(self._message(found)) if found else self.refuse("20404")

    def refuse(self, code: str) -> Reply:
        """The code is a number, and most come with status 400."""
        status = HTTP_STATUS.get(code, 400)
        return say({"code": int(code), "message": "simulated", "status": status}, status)

    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """`sent`, then how it ended, each to the address that the call named."""
        told: list[News] = []
        for one in messages:
            if not one.callback:
                continue
            last = "delivered" if self.ending_of(one).state == "delivered" else "undelivered"
            for number, status in enumerate(("sent", last)):
                form = {"MessageSid": one.id, "MessageStatus": status, "SmsSid": one.id, "SmsStatus": status}
                form |= {"To": one.phone, "From": NUMBER, "AccountSid": SID}
                form |= {"ErrorCode": "30003"} if status == "undelivered" else {}
                after = self.receipt_after * (number + 1) / 2
                told.append(News(status, urlencode(form).encode(), after=after, url=one.callback))
        return told

    def reply(self, phone: str, text: str, number: int) -> News:
        """An inbound message, to the address entered at the number."""
        form = {"MessageSid": f"SM{number:032d}", "SmsStatus": "received", "From": phone, "To": NUMBER}
        form |= {"AccountSid": SID, "Body": text, "NumMedia": "0"}
        return News("received", urlencode(form).encode(), after=self.reply_after)

    def pack(self, news: News, url: str, at: datetime) -> Posting:
        """X-Twilio-Signature over the address and the form."""
        form = Asked("POST", "", "", {}, news.content, at).form
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": sign(url, form)}
        return Posting(url, news.content, headers)

    def _send(self, form: Mapping[str, str]) -> Reply:
        if code := self.codes.get(form["To"]):
            return self.refuse(code)
        if form.get("From", NUMBER) != NUMBER and not form.get("MessagingServiceSid"):
            return self.refuse("21606")
        if not 0 < len(form["Body"]) <= 1600:
            return self.refuse("21617")
        sid = f"SM{MARK}{self.fresh_number():022d}"
        self.took([Sent(form["To"], sid, "", form["Body"], form.get("StatusCallback", ""))])
        told: JsonValue = {"sid": sid, "status": "queued", "num_segments": "1", "error_code": None, "to": form["To"]}
        return say(told, 201)

    def _message(self, one: Sent) -> JsonValue:
        state = self.ending_of(one).state
        return {
            "sid": one.id,
            "status": {"delivered": "delivered", "failed": "undelivered", "unheard": "sent"}[state],
            "num_segments": "1",
            "error_code": 30003 if state == "failed" else None,
            "date_updated": clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000"),
        }


def sign(url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the address and the form's sorted names and values."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()
