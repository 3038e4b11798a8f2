"""A provider that sends nothing and behaves like a real one, by the last two digits of the number.

It keeps no state: what became of a message follows from its key, its number and the time since it was sent, so
that receipts and replies come back through `lookup`, as late as from a real vendor and the same however often asked.
Who writes back has a late receipt: it arrives together with the reply, because nobody asks about a message whose end
is known.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.sdk import (
    Answer,
    Event,
    Failure,
    Message,
    OptOut,
    Outcome,
    Receipt,
    Refused,
    Reply,
    Request,
    Sought,
    Text,
    failed,
    now,
)
from plugins.sms.aliyun.pushes import answer_push, parse_push
from plugins.sms.composing import Composed, compose
from plugins.sms.settings import SmsSettings
from plugins.sms.wording import read_opt_out

REMINDER = Text(zh="沙箱不会真的发送短信。", en="The sandbox sends nothing.")


@dataclass(frozen=True)
class Fate:
    """What happens to a message: at once, later, and what the person writes back."""

    at_once: Literal["accepted", "refused", "doubt"] = "accepted"
    later: Literal["delivered", "failed", "absent", ""] = "delivered"
    after: timedelta | None = None
    reply: str = ""


FATES: dict[str, Fate] = {
    "00": Fate(at_once="refused"),
    "01": Fate(at_once="doubt"),
    "02": Fate(at_once="doubt", later="absent"),
    "03": Fate(later="failed"),
    "04": Fate(later="failed"),
    "05": Fate(later="failed"),
    "06": Fate(later="failed"),
    "07": Fate(later=""),
    "08": Fate(later=""),
    "09": Fate(after=timedelta(hours=3)),
    "10": Fate(after=timedelta(minutes=20), reply="R"),
    "11": Fate(after=timedelta(minutes=20), reply="ｒ"),
    "12": Fate(after=timedelta(hours=1), reply="td。"),
    "13": Fate(after=timedelta(minutes=20), reply="谢谢，什么时候到货？"),
}
"""By the last two digits; every other number is delivered within a minute and a half."""


def fate_of(phone: str) -> Fate:
    """What happens to every message to this number."""
    return FATES.get(phone[-2:], Fate())


def biz_id_of(key: str) -> str:
    """The provider's id of a message, always the same for its key."""
    return "sandbox-" + hashlib.sha256(key.encode()).hexdigest()[:20]


class SandboxSms:
    """The provider that needs no account."""

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings

    def check(self) -> tuple[Text, ...]:
        """A reminder."""
        return (REMINDER,)

    def deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        """The same rules for texts as a real provider; then the number decides."""
        for message in messages:
            try:
                yield _outcome(message, compose(message, self._settings))
            except Refused as refusal:
                yield failed(message.key, refusal.as_failure())

    def lookup(self, keys: Sequence[Sought]) -> Iterator[Event]:
        """Receipts and replies that have come in by now; nothing about those still on their way."""
        for sought in keys:
            fate = fate_of(sought.to.value)
            if fate.at_once == "refused" or not fate.later or now() < _arrival(sought, fate):
                continue
            yield _receipt(sought, fate)
            if fate.reply:
                yield from _replies(sought, fate, self._settings)

    def answer(self, request: Request) -> Answer:
        """Take receipts and replies in Aliyun's shape."""
        return answer_push(request)

    def parse(self, request: Request) -> list[Event]:
        """Receipts, replies and opt-outs in Aliyun's shape."""
        return parse_push(request, self._settings)


def _outcome(message: Message, composed: Composed) -> Outcome:
    fate = fate_of(message.to.value)
    if fate.at_once == "refused":
        return failed(message.key, Failure(kind="refused", code="isv.MOBILE_NUMBER_ILLEGAL", message="沙箱：空号"))
    if fate.at_once == "doubt":
        return failed(message.key, Failure(kind="unknown", code="timeout", message="沙箱：超时，不知道发出没有"))
    return Outcome(key=message.key, state="accepted", provider_id=biz_id_of(message.key), parts=composed.parts)


def _arrival(sought: Sought, fate: Fate) -> datetime:
    usual = timedelta(seconds=3 + int(hashlib.sha256(sought.key.encode()).hexdigest()[:4], 16) % 88)
    return sought.sent_at + (fate.after or usual)


def _receipt(sought: Sought, fate: Fate) -> Receipt:
    assert fate.later  # asked by the caller
    codes = {"delivered": "DELIVERED", "failed": "UNDELIV", "absent": "NOT_FOUND"}
    return Receipt(
        event_id=f"{biz_id_of(sought.key)}-{fate.later}",
        at=_arrival(sought, fate),
        who=(sought.to,),
        state=fate.later,
        key=sought.key,
        provider_id=biz_id_of(sought.key),
        code=codes[fate.later],
        reason="沙箱",
    )


def _replies(sought: Sought, fate: Fate, settings: SmsSettings) -> Iterator[Event]:
    at, name = _arrival(sought, fate), biz_id_of(sought.key)
    yield Reply(event_id=f"{name}-reply", at=at, who=(sought.to,), medium="sms", text=fate.reply)
    word = read_opt_out(fate.reply, settings.opt_out_words)
    if word:
        yield OptOut(event_id=f"{name}-optout", at=at, who=(sought.to,), medium="sms", word=word)
