"""What Twilio calls back with, as events: a status of a message, or an inbound message. Both are signed.

The signature is made over the public address, which only the settings know: behind a proxy the `Host` of a request may
say anything.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from urllib.parse import parse_qsl, quote

from pydantic import ValidationError

from core.sdk import Answer, Event, IdentityClaim, OptOut, Receipt, Refused, Request
from core.sdk.signing.twilio import is_from_twilio
from plugins.sms.settings import SmsSettings
from plugins.sms.twilio.account import TwilioAccount
from plugins.sms.twilio.codes import OPTED_OUT
from plugins.sms.uplinks import full_number, reply_events

State = Literal["accepted", "delivered", "failed"]
STATES: dict[str, State] = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "accepted",
    "partially_delivered": "accepted",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
STOP_WORDS = ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT")
"""What Twilio itself takes for an opt-out, beside the channel's own words."""


def callback_for(account: TwilioAccount, key: str) -> str:
    """Where Twilio reports on the message `key`, so that even one sent in doubt is known by its callback."""
    address = account.callback_url.get_secret_value()
    if not address:
        return ""
    return f"{address}{'&' if '?' in address else '?'}key={quote(key, safe='')}"


def answer_push(request: Request, account: TwilioAccount) -> Answer:
    """Believe what Twilio signed for this very address; the answer is empty, so that nobody is texted back."""
    address = account.callback_url.get_secret_value()
    signature = request.headers.get("x-twilio-signature", "")
    token = account.auth_token.get_secret_value()
    try:
        form = read_form(request.body) if "json" not in request.headers.get("content-type", "") else []
    except Refused:
        return Answer(accepted=False, status=400)
    url = _called(request, address)
    if not address or not is_from_twilio(url, form, request.body, signature, token=token):
        return Answer(accepted=False, status=403)
    fields = dict(form)
    name = f"{fields.get('MessageSid', '')}-{fields.get('MessageStatus') or fields.get('SmsStatus', '')}"
    is_named = bool(fields.get("MessageSid"))
    return Answer(
        accepted=True, status=204, dedup_key=name[:200] if is_named else hashlib.sha256(request.body).hexdigest()
    )


def parse_push(request: Request, settings: SmsSettings) -> list[Event]:
    """A receipt, or a reply with its opt-out; what is neither is left out. Raises `Refused` for what is no form."""
    form = dict(read_form(request.body))
    try:
        if "MessageStatus" in form and form["MessageStatus"] in STATES:
            return _receipt(form, request)
        return _reply(form, request, settings)
    except (ValidationError, ValueError):
        return []


def read_form(body: bytes) -> list[tuple[str, str]]:
    """The form's fields in order. Raises `Refused` when it is none."""
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=200)
    except ValueError:
        raise Refused("the callback is not a form", code="form") from None


def _called(request: Request, address: str) -> str:
    """The address that was called: the configured one, with what the query holds beyond it.

    Twilio signs the query too; one that it did not sign must not name another message.
    """
    own = address.partition("?")[2].split("&") if "?" in address else []
    pairs = [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in request.query]
    more = [pair for pair in pairs if pair not in own]
    return address + (("&" if own else "?") + "&".join(more) if more else "")


def _receipt(form: Mapping[str, str], request: Request) -> list[Event]:
    sid, status = form.get("MessageSid", ""), form["MessageStatus"]
    if not sid:
        return []
    to = form.get("To", "")
    who = (IdentityClaim(kind="phone", value=full_number(to)),) if to.startswith("+") else ()
    code = form.get("ErrorCode", "")
    at = _done_at(form.get("RawDlrDoneDate", "")) or request.received_at
    receipt = Receipt(
        event_id=f"receipt-{sid}-{status}",
        at=at,
        who=who,
        state=STATES[status],
        key=dict(request.query).get("key") or None,
        provider_id=sid,
        code=code or status,
    )
    if code != OPTED_OUT or not who:
        return [receipt]
    return [receipt, OptOut(event_id=f"optout-{sid}", at=at, who=who, medium="sms", word=OPTED_OUT)]


def _reply(form: Mapping[str, str], request: Request, settings: SmsSettings) -> list[Event]:
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not sid or "Body" not in form or not sender.startswith("+"):
        return []
    words = (*settings.opt_out_words, *STOP_WORDS)
    events = reply_events(
        name=sid,
        at=request.received_at,
        phone=sender,
        text=form["Body"],
        extend=form.get("To", ""),
        words=words,
        is_proven=True,
    )
    if form.get("OptOutType") == "STOP" and len(events) == 1:  # the account's own words, kept at Twilio
        word = form["Body"][:100]
        events.append(
            OptOut(event_id=f"optout-{sid}", at=request.received_at, who=events[0].who, medium="sms", word=word)
        )
    return events


def _done_at(text: str) -> datetime | None:
    """The carrier's own time of delivery, YYMMDDhhmm in UTC, where it is passed on."""
    try:
        return datetime.strptime(f"{text} +0000", "%y%m%d%H%M %z") if len(text) == 10 else None
    except ValueError:
        return None
