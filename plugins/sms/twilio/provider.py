"""Twilio as a provider: check, deliver one by one over one connection, look up."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from core.sdk import Answer, BadSettings, Event, Failure, Message, Outcome, Receipt, Request, Sought, Text, failed
from plugins.sms.batches import send_all
from plugins.sms.composing import Composed
from plugins.sms.provider import OpenHttp
from plugins.sms.settings import SmsSettings
from plugins.sms.twilio.account import TwilioAccount
from plugins.sms.twilio.api import TwilioApi
from plugins.sms.twilio.pushes import STATES, answer_push, callback_for, parse_push
from plugins.sms.uplinks import text_in

DEAF = Text(
    zh="还没有填 Webhook 地址：保存后把显示的地址粘贴到设置里，并在 Twilio 号码上填同一个地址，否则收不到回执和回复。",
    en="The webhook address is missing: paste the one shown after saving, and enter it at the Twilio number too; "
    "until then receipts and replies are not heard.",
)
TRIAL = Text(
    zh="这是试用账号，只能发给验证过的号码。", en="This is a trial account: it sends to verified numbers only."
)


class TwilioSms:
    """One Twilio account, for one call of the plugin."""

    def __init__(self, account: TwilioAccount, settings: SmsSettings, open_http: OpenHttp) -> None:
        self._account, self._settings, self._open_http = account, settings, open_http

    def check(self) -> tuple[Text, ...]:
        """Read the account with its own token."""
        with self._open_http() as http:
            told = TwilioApi(http, self._account).account()
        state = str(told.get("status", ""))
        if state != "active":
            raise BadSettings(f"provider.account_sid: the account is {state or 'in an unknown state'}")
        deaf = () if self._account.callback_url.get_secret_value() else (DEAF,)
        return deaf + ((TRIAL,) if told.get("type") == "Trial" else ())

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send one message a call, as Twilio wants it, over one connection."""
        with self._open_http() as http:
            api = TwilioApi(http, self._account)
            yield from send_all(
                messages,
                self._settings,
                most=1,
                alike=lambda one: one.key,
                reach="everywhere",
                send=lambda batch: self._send(api, batch[0]),
            )

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Ask for each message by its id. One sent in doubt has none: its callback names it instead."""
        with self._open_http() as http:
            api = TwilioApi(http, self._account)
            for sought in keys:
                told = api.message(sought.provider_id) if sought.provider_id else None
                status = str(told.get("status", "")) if told else ""
                if told and status in STATES:
                    yield Receipt(
                        event_id=f"receipt-{sought.provider_id}-{status}",
                        at=_moment(str(told.get("date_updated", ""))) or sought.sent_at,
                        who=(sought.to,),
                        state=STATES[status],
                        key=sought.key,
                        provider_id=sought.provider_id,
                        code=text_in(told, "error_code") or status,
                        parts=_parts(text_in(told, "num_segments")),
                    )

    def answer(self, request: Request) -> Answer:
        """Believe what Twilio signed."""
        return answer_push(request, self._account)

    def parse(self, request: Request) -> list[Event]:
        """Receipts, replies and opt-outs."""
        return parse_push(request, self._settings)

    def _send(self, api: TwilioApi, one: Composed) -> Iterator[Outcome]:
        told = api.send(one.phone, one.text, callback=callback_for(self._account, one.key))
        sid, code = str(told["sid"]), text_in(told, "error_code")
        if STATES.get(str(told.get("status"))) == "failed":
            failure = Failure(kind="refused", code=code or "failed", message="Twilio could not send it")
            yield failed(one.key, failure).model_copy(update={"provider_id": sid})
            return
        parts = _parts(text_in(told, "num_segments")) or one.parts
        yield Outcome(key=one.key, state="accepted", provider_id=sid, parts=parts)


def _parts(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= 99 else None


def _moment(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
