"""Aliyun as a provider: check, deliver in batches, look up."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from core.sdk import (
    Answer,
    BadSettings,
    Event,
    Message,
    Outcome,
    Receipt,
    Request,
    Sought,
    Text,
    local_instant,
)
from core.sdk.moments import CHINA
from plugins.sms.aliyun.account import AliyunAccount
from plugins.sms.aliyun.api import AliyunApi
from plugins.sms.aliyun.pushes import answer_push, parse_push
from plugins.sms.batches import send_all
from plugins.sms.composing import Composed
from plugins.sms.provider import OpenHttp
from plugins.sms.settings import SmsSettings
from plugins.sms.uplinks import receipt_id
from plugins.sms.wording import expand_link, names_in

BATCH = 100
STATES = {"1": "accepted", "2": "failed", "3": "delivered"}


class AliyunSms:
    """One account of Aliyun, for one call of the plugin."""

    def __init__(self, account: AliyunAccount, settings: SmsSettings, open_http: OpenHttp) -> None:
        self._account, self._settings, self._open_http = account, settings, open_http

    def check(self) -> tuple[Text, ...]:
        """Read the template with the account's key; refuse one that is not approved, or reads differently."""
        with self._open_http() as http:
            state, content = AliyunApi(http, self._account).template_of()
        if state in ("2", "10"):
            raise BadSettings(f"provider.template_code: {self._account.template_code} was refused or withdrawn")
        if content.strip() != expand_link(self._settings.template, self._settings.link_prefix).strip():
            raise BadSettings("template: differs from the approved text; copy it from the Aliyun console")
        waiting = Text(
            zh="模板还在审核，通过后才能发送。", en="The template is still in review; nothing can be sent yet."
        )
        return (waiting,) if state == "0" else ()

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """Send in calls of up to 100 different numbers, each with its own variables."""
        with self._open_http() as http:
            api = AliyunApi(http, self._account)
            yield from send_all(
                messages,
                self._settings,
                most=BATCH,
                alike=lambda one: one.message.group,
                reach="mainland",
                send=lambda batch: self._send(api, batch),
            )

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Ask for each number what was sent to it that day, and match by BizId, else by group.

        A message that is not found is not reported: Aliyun's list runs behind, so absence proves nothing.
        """
        with self._open_http() as http:
            api = AliyunApi(http, self._account)
            for sought in keys:
                day = sought.sent_at.astimezone(CHINA)
                rows = api.sent_to(sought.to.value.removeprefix("+86"), day=day, biz_id=sought.provider_id)
                matching = [row for row in rows if sought.provider_id or _is_of_group(row, sought.group)]
                if len(matching) == 1:
                    yield _receipt(sought, matching[0])

    def answer(self, request: Request) -> Answer:
        """Take receipts and replies; Aliyun signs neither."""
        return answer_push(request)

    def parse(self, request: Request) -> list[Event]:
        """Receipts, replies and opt-outs."""
        return parse_push(request, self._settings)

    def _send(self, api: AliyunApi, batch: Sequence[Composed]) -> Iterator[Outcome]:
        names = names_in(batch[0].template)
        biz_id = api.send_batch(
            [one.phone.removeprefix("+86") for one in batch],
            [self._settings.signature] * len(batch),
            [{name: one.message.variables[name] for name in names} for one in batch],
            out_id=batch[0].message.group,
        )
        for one in batch:
            yield Outcome(key=one.key, state="accepted", provider_id=biz_id, parts=one.parts)


def _is_of_group(row: dict[str, JsonValue], group: str) -> bool:
    return group != "" and str(row.get("OutId", "")) == group


def _receipt(sought: Sought, row: dict[str, JsonValue]) -> Receipt:
    state, code = STATES.get(str(row.get("SendStatus")), "accepted"), str(row.get("ErrCode") or "")
    biz_id = sought.provider_id or f"key:{sought.key}"
    return Receipt.model_validate(
        {
            "event_id": receipt_id(biz_id, sought.to.value.removeprefix("+86"), code or state),
            "at": _moment(row) or sought.sent_at,
            "who": (sought.to,),
            "state": state,
            "key": sought.key,
            "provider_id": sought.provider_id,
            "code": code,
        }
    )


def _moment(row: dict[str, JsonValue]) -> datetime | None:
    for name in ("ReceiveDate", "SendDate"):
        try:
            return local_instant(str(row.get(name, ""))).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None
