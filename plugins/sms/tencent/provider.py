"""Tencent Cloud as a provider: check, deliver in batches, look up."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from core.sdk import Answer, BadSettings, Event, Message, Outcome, Receipt, Request, Sought, Text, Unknown, failed
from plugins.sms.batches import send_all
from plugins.sms.composing import Composed
from plugins.sms.provider import OpenHttp
from plugins.sms.settings import SmsSettings
from plugins.sms.tencent.account import TencentAccount
from plugins.sms.tencent.api import Row, TencentApi
from plugins.sms.tencent.codes import failure_of
from plugins.sms.tencent.pushes import answer_push, parse_push, read_second, reply_name
from plugins.sms.uplinks import receipt_id, reply_events, text_in
from plugins.sms.wording import expand_link, names_in

BATCH = 200
EARLIER = timedelta(minutes=2)
REVIEWED, IN_REVIEW, SOON_USABLE = "0", "1", "2"


class TencentSms:
    """One application of Tencent Cloud SMS, for one call of the plugin."""

    def __init__(self, account: TencentAccount, settings: SmsSettings, open_http: OpenHttp) -> None:
        self._account, self._settings, self._open_http = account, settings, open_http

    def check(self) -> tuple[Text, ...]:
        """Read the template with the account's key; refuse one that is not approved, or reads differently."""
        with self._open_http() as http:
            rows = TencentApi(http, self._account).templates()
        if not rows:
            raise BadSettings(f"provider.template_id: Tencent knows no template {self._account.template_id}")
        state = text_in(rows[0], "StatusCode")
        if state not in (REVIEWED, IN_REVIEW, SOON_USABLE):
            raise BadSettings(f"provider.template_id: {self._account.template_id} was refused")
        if text_in(rows[0], "TemplateContent").strip() != positional(self._template()).strip():
            raise BadSettings("template: differs from the approved text, with {1}, {2} in the order of our variables")
        waiting = Text(
            zh="模板还在审核，通过后才能发送。", en="The template is still in review; nothing can be sent yet."
        )
        return () if state == REVIEWED else (waiting,)

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send in calls of up to 200 numbers that get the very same text: Tencent's variables are the whole call's."""
        with self._open_http() as http:
            api = TencentApi(http, self._account)
            yield from send_all(
                messages,
                self._settings,
                most=BATCH,
                alike=lambda one: (one.message.group, values_of(one)),
                reach="abroad" if self._account.is_international else "mainland",
                send=lambda batch: self._send(api, batch),
            )

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Ask for each number what became of it and what it wrote back; match by serial number, else by our context.

        A message that is not found is not reported: the vendor lists what has a status, so absence proves nothing.
        """
        with self._open_http() as http:
            api = TencentApi(http, self._account)
            for sought in keys:
                since = sought.sent_at - EARLIER
                rows = [row for row in api.sent_to(sought.to.value, since=since) if _is_about(row, sought)]
                if len(rows) == 1:
                    yield from _receipts(sought, rows[0])
                for row in api.replies_from(sought.to.value, since=since):
                    yield from self._replies(sought, row)

    def answer(self, request: Request) -> Answer:
        """Take statuses and replies; Tencent signs neither."""
        return answer_push(request)

    def parse(self, request: Request) -> list[Event]:
        """Receipts, replies and opt-outs."""
        return parse_push(request, self._settings)

    def _template(self) -> str:
        return expand_link(self._settings.template, self._settings.link_prefix)

    def _send(self, api: TencentApi, batch: Sequence[Composed]) -> Iterator[Outcome]:
        rows = api.send(
            [one.phone for one in batch],
            values_of(batch[0]),
            signature=self._settings.signature,
            context=batch[0].key if len(batch) == 1 else batch[0].message.group,
        )
        by_phone = {text_in(row, "PhoneNumber"): row for row in rows}
        for one in batch:
            yield _outcome(one, by_phone.get(one.phone))

    def _replies(self, sought: Sought, row: Row) -> list[Event]:
        second, text = text_in(row, "ReplyTime"), text_in(row, "ReplyContent")
        at = read_second(second)
        if at is None:
            return []
        return reply_events(
            name=reply_name(sought.to.value, second, text),
            at=at,
            phone=sought.to.value,
            text=text,
            extend=text_in(row, "ExtendCode"),
            words=self._settings.opt_out_words,
            is_proven=True,
        )


def positional(template: str) -> str:
    """The template as Tencent writes it: {1}, {2} for our variables in the order of their first appearance."""
    for number, name in enumerate(names_in(template), 1):
        template = template.replace(f"${{{name}}}", f"{{{number}}}")
    return template


def values_of(one: Composed) -> tuple[str, ...]:
    """The variables of a message in Tencent's order."""
    return tuple(one.message.variables[name] for name in names_in(one.template))


def _outcome(one: Composed, row: Row | None) -> Outcome:
    """What the call said of one number; of a number it passed over nobody knows."""
    if row is None:
        return failed(one.key, Unknown("Tencent said nothing about this number").as_failure())
    code, serial = text_in(row, "Code"), text_in(row, "SerialNo")
    if code != "Ok":
        return failed(one.key, failure_of(code).as_failure())
    return Outcome(key=one.key, state="accepted", provider_id=serial or None, parts=one.parts)


def _is_about(row: Row, sought: Sought) -> bool:
    if sought.provider_id:
        return text_in(row, "SerialNo") == sought.provider_id
    return text_in(row, "SessionContext") in {sought.key, sought.group} - {""}


def _receipts(sought: Sought, row: Row) -> Iterator[Receipt]:
    serial, state = text_in(row, "SerialNo"), text_in(row, "ReportStatus")
    if state in ("SUCCESS", "FAIL"):
        yield Receipt(
            event_id=receipt_id(serial, sought.to.value, state),
            at=read_second(text_in(row, "UserReceiveTime")) or sought.sent_at,
            who=(sought.to,),
            state="delivered" if state == "SUCCESS" else "failed",
            key=sought.key,
            provider_id=serial or None,
            code=text_in(row, "Description")[:500],
        )
