"""The way out that all providers share: judge each message, send batch after batch, and never guess.

A message that may not go out is refused before any call. A number that spoils its batch is found by halving. After a
doubt nothing more is sent in this call: whoever could not say what became of one batch would not say it of the next.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Literal

from core.sdk import BadSettings, ChannelFailure, Failure, Message, Outcome, Refused, Throttled, failed, now
from plugins.sms.composing import Composed, compose
from plugins.sms.hours import seconds_until_open
from plugins.sms.settings import SmsSettings
from plugins.sms.wording import is_domestic

BUDGET = timedelta(seconds=90)
"""The host gives a call two minutes and takes what is unsaid then for a doubt: stop in time instead."""

Reach = Literal["mainland", "abroad", "everywhere"]
Send = Callable[[Sequence[Composed]], Iterable[Outcome]]


class OfOnePhone(Throttled):
    """A limit of one phone only: the others may go on."""


def send_all(
    messages: Sequence[Message],
    settings: SmsSettings,
    *,
    most: int,
    alike: Callable[[Composed], Hashable],
    reach: Reach,
    send: Send,
) -> Iterator[Outcome]:
    """One outcome a message. `send` takes at most `most` messages that are `alike`, no number twice among them.

    `send` says what became of each, or raises one of the five failures for those it said nothing about.
    """
    ready: list[Composed] = []
    for number, message in enumerate(messages):
        try:
            ready.append(_judge(message, settings, reach))
        except (Refused, Throttled) as failure:
            yield failed(message.key, failure.as_failure())
        except BadSettings as failure:
            yield from _ask_a_human([one.key for one in ready] + [one.key for one in messages[number:]], failure)
            return
    queue, started = make_batches(ready, most=most, alike=alike), now()
    while queue:
        if now() - started > BUDGET:
            yield from _put_off(queue, "not sent: the provider is slow, the rest follows")
            return
        batch = queue.pop(0)
        outcomes: list[Outcome] = []
        for outcome in _send_batch(batch, send, queue):
            outcomes.append(outcome)
            yield outcome
        if any(_stops_all(outcome) for outcome in outcomes):
            yield from _put_off(queue, "not sent: the call before it ended in doubt, or must be seen to first")
            return


def make_batches(
    ready: Sequence[Composed], *, most: int, alike: Callable[[Composed], Hashable]
) -> list[list[Composed]]:
    """Batches of messages that are alike, no number twice in one: a receipt is matched by call and number."""
    batches: list[list[Composed]] = []
    open_ones: dict[tuple[Hashable, int], list[Composed]] = {}
    times: dict[tuple[Hashable, str], int] = {}
    for one in ready:
        kind = alike(one)
        nth = times[kind, one.phone] = times.get((kind, one.phone), -1) + 1
        batch = open_ones.get((kind, nth))
        if batch is None or len(batch) >= most:
            batch = open_ones[kind, nth] = []
            batches.append(batch)
        batch.append(one)
    return batches


def _judge(message: Message, settings: SmsSettings, reach: Reach) -> Composed:
    one = compose(message, settings)
    if reach != "everywhere" and is_domestic(one.phone) != (reach == "mainland"):
        place = "mainland mobile numbers" if reach == "mainland" else "numbers outside mainland China"
        raise Refused(f"this template goes to {place} only", code="reach")
    if message.purpose == "marketing" and is_domestic(one.phone):
        wait = seconds_until_open(now())
        if wait:
            raise Throttled("marketing texts go out between 08:00 and 22:00", code="hours", retry_after=wait)
    return one


def _send_batch(batch: list[Composed], send: Send, queue: list[list[Composed]]) -> Iterator[Outcome]:
    said: set[str] = set()
    asks_already = False
    try:
        for outcome in send(batch):
            said.add(outcome.key)
            asks = outcome.failure is not None and outcome.failure.kind == "bad_settings"
            yield _waiting(outcome) if asks and asks_already else outcome
            asks_already |= asks
    except ChannelFailure as failure:
        rest = [one for one in batch if one.key not in said]
        if len(rest) > 1 and isinstance(failure, (Refused, OfOnePhone)):
            half = len(rest) // 2  # one number spoils the call and nothing was sent: halve it until it stands alone
            queue[:0] = [rest[:half], rest[half:]]
            return
        if isinstance(failure, BadSettings):
            yield from _ask_a_human([one.key for one in rest], failure)
            return
        yield from (failed(one.key, failure.as_failure()) for one in rest)
        if isinstance(failure, Throttled) and not isinstance(failure, OfOnePhone):
            yield from (failed(one.key, failure.as_failure()) for waiting in queue for one in waiting)
            queue.clear()


def _ask_a_human(keys: Sequence[str], failure: BadSettings) -> Iterator[Outcome]:
    """One message says what is wrong, which stops the campaign; the others were not sent and may go afterwards."""
    yield failed(keys[0], failure.as_failure())
    yield from (_waiting(failed(key, failure.as_failure())) for key in keys[1:])


def _waiting(outcome: Outcome) -> Outcome:
    why = outcome.failure or Failure(kind="unreachable")
    return failed(outcome.key, Failure(kind="unreachable", message=f"not sent: {why.message}"[:2000], code=why.code))


def _stops_all(outcome: Outcome) -> bool:
    return outcome.failure is not None and outcome.failure.kind in ("unknown", "bad_settings", "unreachable")


def _put_off(queue: list[list[Composed]], why: str) -> Iterator[Outcome]:
    failure = Failure(kind="unreachable", message=why)
    yield from (failed(one.key, failure) for batch in queue for one in batch)
    queue.clear()
