"""The way out: messages and payouts, and one outcome for each."""

from typing import Literal, Self

from pydantic import Field, model_validator

from core.sdk.failures import Failure
from core.sdk.values import Frozen, IdentityClaim, Instant, Key, Prose, Text, Word


class Message(Frozen):
    """One message to one person.

    `key` is stable over every attempt and goes to the vendor as idempotency key where it takes one. `group` is
    shared by all messages of one send; a person is in a group once. `text` may hold `${name}` placeholders, filled
    from `variables`; an empty text means the channel's own template. `variables["code"]` is the recipient's code
    of the tracked link.
    """

    key: Key
    to: IdentityClaim
    group: Word = ""
    text: Prose = ""
    variables: dict[str, Word] = {}
    purpose: Literal["marketing", "notice"] = "marketing"


class Payout(Frozen):
    """One reward to one person, in minor units of `currency`; `key` is its bill number, the same over all attempts."""

    key: Key
    to: IdentityClaim
    amount_minor: int = Field(gt=0)
    currency: Word = "CNY"
    reason: Word = ""


class Outcome(Frozen):
    """What happened to the message or payout `key`.

    `accepted`: the vendor took it, a receipt will follow. `delivered`: it is already there. `failed`: `failure`
    says whether it may be tried again. `unknown`: it may have left; it is never sent again. `hand_over` is what the
    person's own app needs to take an `accepted` payout: it is kept sealed and shown to that person alone.
    """

    key: Key
    state: Literal["accepted", "delivered", "failed", "unknown"]
    provider_id: Word | None = None
    parts: int | None = Field(default=None, ge=0, le=1000)
    failure: Failure | None = None
    hand_over: dict[Word, Prose] = {}

    @model_validator(mode="after")
    def _needs_reason(self) -> Self:
        if self.state == "failed" and self.failure is None:
            raise ValueError("a failed outcome needs its failure")
        if self.failure and (self.failure.kind == "unknown") != (self.state == "unknown"):
            raise ValueError("a failure of kind unknown belongs to the state unknown, and only there")
        return self


def failed(key: str, failure: Failure) -> Outcome:
    """The outcome of `key` for `failure`: state `unknown` for that kind, else `failed`."""
    return Outcome(key=key, state="unknown" if failure.kind == "unknown" else "failed", failure=failure)


class Sought(Frozen):
    """A message asked about in `lookup`: as it was sent, as far as we know. A payout's `group` is `reward`."""

    key: Key
    to: IdentityClaim
    group: Word = ""
    provider_id: Word | None = None
    sent_at: Instant


class Preview(Frozen):
    """A message as the person will read it: the whole text, in how many parts it is charged, what is wrong with it."""

    text: Prose
    parts: int = Field(ge=1)
    problems: tuple[Text, ...] = ()
