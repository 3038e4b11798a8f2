"""What all vendors of text messages have in common: what they sent, what becomes of it, who follows the link."""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import JsonValue

from core import clock
from core.sdk import Text
from core.sdk.moments import CHINA
from core.simulator.day import Day, Person
from core.simulator.vendor import Vendor
from core.simulator.wire import News

LINK = re.compile(r"https?://[^\s，。]+")
KEPT = 200
"""So many of each brand's last messages are remembered, and their readers may come."""

QUESTIONS = ("谢谢，什么时候到货？", "还有优惠吗", "在哪里领")
CLICK, ASK, OPT_OUT = 0.16, 0.02, 0.01


@dataclass(frozen=True)
class Sent:
    """A message that the vendor took.

    `key` is our name for it, `callback` where its receipt goes if it said so, `label` whose it is among several brands
    that share the account: its signature.
    """

    phone: str
    id: str
    key: str = ""
    text: str = ""
    callback: str = ""
    label: str = ""


@dataclass(frozen=True)
class Ending:
    """What becomes of a message, and what its reader writes back."""

    state: Literal["delivered", "failed", "unheard"] = "delivered"
    reply: str = ""


ENDINGS: dict[str, Ending] = {
    **{digits: Ending("failed") for digits in ("03", "04", "05", "06")},
    **{digits: Ending("unheard") for digits in ("07", "08")},
    "10": Ending(reply="R"),
    "11": Ending(reply="ｒ"),
    "12": Ending(reply="td。"),
    "13": Ending(reply=QUESTIONS[0]),
}
"""By the last two digits of the number, as in the channel's sandbox; all others are delivered."""


class SmsVendor(Vendor):
    """A vendor of text messages: knows what it sent, tells receipts and replies."""

    topics: ClassVar[Mapping[str, Text]] = {"reply": Text(zh="上行短信", en="A text from a phone")}
    asks_for: ClassVar[Mapping[str, tuple[str, ...]]] = {"reply": ("phone", "text")}
    receipt_after = 2.0
    reply_after = 4.0

    def forget(self) -> None:
        """Nothing was sent yet."""
        self.sent: list[Sent] = []
        self.codes: dict[str, str] = {}
        """What to say to some numbers instead of yes."""
        self.endings = dict(ENDINGS)
        self.batches: list[int] = []
        self._clicked: set[str] = set()

    def remember(self) -> JsonValue:
        """The last messages, so that their readers may still come."""
        return [asdict(one) for one in self._last()]

    def recall(self, kept: JsonValue) -> None:
        """Take them back."""
        self.sent = [Sent(**one) for one in kept] if isinstance(kept, list) else []  # type: ignore[arg-type]  # our own file

    def ending_of(self, one: Sent) -> Ending:
        """What becomes of this message."""
        return self.endings.get(one.phone[-2:], Ending())

    def took(self, messages: Sequence[Sent]) -> None:
        """Remember what was sent and plan its receipts and replies."""
        self.sent += messages
        self.batches.append(len(messages))
        heard = [one for one in messages if self.ending_of(one).state != "unheard"]
        for news in self.receipts(heard):
            self.later(replace(news, label=heard[0].label))
        for one in messages:
            if reply := self.ending_of(one).reply:
                self.later(self._reply(one.phone, reply))

    @abstractmethod
    def receipts(self, messages: Sequence[Sent]) -> list[News]:
        """The callbacks that say what became of messages."""

    @abstractmethod
    def reply(self, phone: str, text: str, number: int) -> News:
        """The callback that brings a text from a phone; `number` tells it from others."""

    def tell(self, what: str, fields: Mapping[str, str]) -> News:
        """A text from a phone."""
        if what != "reply" or not re.fullmatch(r"\+?\d{7,15}", fields.get("phone", "")):
            raise ValueError("name a phone, with digits only")
        phone = fields["phone"]
        return self._reply(phone if phone.startswith("+") else f"+86{phone}", fields.get("text", ""))

    def a_day(self, day: Day) -> None:
        """Some who got a text follow its link, some write back, a few opt out."""
        for one in self._last():
            chance = day.rng.random()
            link = LINK.search(one.text)
            if chance < CLICK and link and one.id + one.phone not in self._clicked:
                self._clicked.add(one.id + one.phone)
                day.visit(link[0], Person("", one.phone, one.label))
            elif chance < CLICK + ASK:
                self.later(self._reply(one.phone, day.rng.choice(QUESTIONS)))
            elif chance < CLICK + ASK + OPT_OUT:
                self.later(self._reply(one.phone, "R"))

    def _last(self) -> list[Sent]:
        labels = {one.label for one in self.sent}
        return [one for label in sorted(labels) for one in [s for s in self.sent if s.label == label][-KEPT:]]

    def _reply(self, phone: str, text: str) -> News:
        label = next((one.label for one in reversed(self.sent) if one.phone == phone), "")
        return replace(self.reply(phone, text, self.fresh_number()), label=label)


def china_time(at: datetime | None = None) -> str:
    """A moment as Chinese vendors write it: local, with no zone."""
    return (at or clock.now()).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def national(phone: str) -> str:
    """A mainland number without its country, as Chinese vendors write it."""
    return phone.removeprefix("+86")
