"""Aliyun as a provider: check, deliver in batches, look up."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from core.sdk import (
    BadSettings,
    ChannelFailure,
    Event,
    Failure,
    HttpClient,
    Message,
    Outcome,
    Receipt,
    Refused,
    Sought,
    Text,
    Throttled,
    Unknown,
    failed,
    local_instant,
)
from core.sdk.moments import CHINA
from plugins.sms.aliyun_api import AliyunApi
from plugins.sms.aliyun_codes import OF_ONE_PHONE
from plugins.sms.composing import compose, template_of
from plugins.sms.pushes import receipt_id
from plugins.sms.settings import AliyunProvider, SmsSettings
from plugins.sms.wording import count_parts, expand_link, is_domestic, names_in

BATCH = 100
STATES = {"1": "accepted", "2": "failed", "3": "delivered"}


def check(http: HttpClient, account: AliyunProvider, settings: SmsSettings) -> tuple[Text, ...]:
    """Read the template with the account's key; refuse one that is not approved, or reads differently."""
    state, content = AliyunApi(http, account).template_of()
    if state == "2" or state == "10":
        raise BadSettings(f"provider.template_code: {account.template_code} was refused or withdrawn")
    if content.strip() != expand_link(settings.template, settings.link_prefix).strip():
        raise BadSettings("template: differs from the approved text; copy it from the Aliyun console")
    waiting = Text(zh="模板还在审核，通过后才能发送。", en="The template is still in review; nothing can be sent yet.")
    return (waiting,) if state == "0" else ()


def deliver(
    http: HttpClient, account: AliyunProvider, messages: Sequence[Message], settings: SmsSettings
) -> Iterator[Outcome]:
    """Send in calls of up to 100 different numbers. After a doubt nothing more is sent in this call."""
    parts: dict[str, int] = {}
    ready: list[Message] = []
    for message in messages:
        try:
            parts[message.key] = count_parts(compose(message, settings), is_domestic=True)
            _refuse_foreign(message)
            ready.append(message)
        except Refused as refusal:
            yield failed(message.key, refusal.as_failure())
    queue = make_batches(ready)
    while queue:
        batch = queue.pop(0)
        try:
            yield from _send(AliyunApi(http, account), batch, settings, parts)
        except Unknown as doubt:
            yield from (failed(message.key, doubt.as_failure()) for message in batch)
            stopped = Failure(kind="unreachable", message="not sent: the call before ended in doubt", code=doubt.code)
            yield from (failed(message.key, stopped) for rest in queue for message in rest)
            return
        except ChannelFailure as failure:
            if not _is_about_one(failure):
                raise
            if len(batch) == 1:
                yield failed(batch[0].key, failure.as_failure())
            else:  # one number spoils the call and nothing was sent: halve it until it stands alone
                queue[:0] = [batch[: len(batch) // 2], batch[len(batch) // 2 :]]


def make_batches(messages: Sequence[Message]) -> list[list[Message]]:
    """Batches of one group and at most 100, no number twice in one: a receipt is matched by call and number."""
    batches: list[list[Message]] = []
    phones: list[set[str]] = []
    for message in messages:
        for batch, taken in zip(batches, phones, strict=True):
            if len(batch) < BATCH and batch[0].group == message.group and message.to.value not in taken:
                batch.append(message)
                taken.add(message.to.value)
                break
        else:
            batches.append([message])
            phones.append({message.to.value})
    return batches


def lookup(http: HttpClient, account: AliyunProvider, keys: Sequence[Sought]) -> Iterator[Event]:
    """Ask for each number what was sent to it that day, and match by BizId, else by group.

    A message that is not found is not reported: Aliyun's list runs behind, so absence proves nothing.
    """
    api = AliyunApi(http, account)
    for sought in keys:
        day = sought.sent_at.astimezone(CHINA)
        rows = api.sent_to(sought.to.value.removeprefix("+86"), day=day, biz_id=sought.provider_id)
        matching = [row for row in rows if sought.provider_id or str(row.get("OutId", "")) == sought.group != ""]
        if len(matching) == 1:
            yield _receipt(sought, matching[0])


def _send(api: AliyunApi, batch: Sequence[Message], settings: SmsSettings, parts: dict[str, int]) -> Iterator[Outcome]:
    names = names_in(template_of(batch[0], settings))
    biz_id = api.send_batch(
        [message.to.value.removeprefix("+86") for message in batch],
        [settings.signature] * len(batch),
        [{name: message.variables[name] for name in names} for message in batch],
        out_id=batch[0].group,
    )
    for message in batch:
        yield Outcome(key=message.key, state="accepted", provider_id=biz_id, parts=parts[message.key])


def _refuse_foreign(message: Message) -> None:
    if not is_domestic(message.to.value):
        raise Refused("this template goes to mainland mobile numbers only", code="isv.DOMESTIC_NUMBER_NOT_SUPPORTED")


def _is_about_one(failure: ChannelFailure) -> bool:
    return isinstance(failure, Refused) or (isinstance(failure, Throttled) and failure.code == OF_ONE_PHONE)


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
