"""Call a verb of a channel under guard: time, exceptions and garbage become one of the five failures."""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from core.logs import logger
from core.plugin_host.guard import Escaped, Overrun, run_guarded, where_raised
from core.sdk.events import Event
from core.sdk.failures import ChannelFailure, Failure, FailureKind
from core.sdk.messages import Message, Outcome, Payout, Preview, failed
from core.sdk.placements import Artifact, JoinCode, Landing
from core.sdk.requests import Answer, BadRow, Pulled
from core.sdk.values import IdentityClaim, Text

log = logger(__name__)

T = TypeVar("T")
MAX_STUCK = 8

FACTS, FACTS_SECONDS = "siyu_facts_recorded", 30.0
SECONDS: dict[str, float] = {
    "check": 15,
    "answer": 0.3,
    "parse": 30,
    "fetch": 60,
    "pull": 60,
    "measure": 60,
    "read_file": 60,
    "publish": 600,
    "landing": 2,
    "preview": 1,
    "deliver": 120,
    "lookup": 60,
    "payee": 15,
    "reward": 120,
    "cancel": 60,
    "join_codes": 60,
    "drop_codes": 60,
    "start_show": 60,
}
"""How long each verb may take; for read_file and publish, each batch of the stream."""

RESULTS: dict[str, TypeAdapter[Any]] = {  # one adapter a verb; `call` gives each its type by overloads
    "check": TypeAdapter(tuple[Text, ...]),
    "answer": TypeAdapter(Answer),
    "parse": TypeAdapter(list[Event]),
    "fetch": TypeAdapter(list[Event]),
    "pull": TypeAdapter(Pulled),
    "measure": TypeAdapter(list[Event]),
    "landing": TypeAdapter(Landing),
    "preview": TypeAdapter(Preview),
    "lookup": TypeAdapter(list[Event]),
    "payee": TypeAdapter(IdentityClaim),
    "cancel": TypeAdapter(list[Event]),
    "join_codes": TypeAdapter(list[JoinCode]),
    "drop_codes": TypeAdapter(list[str]),
    "start_show": TypeAdapter(tuple[Text, ...]),
    "read_file": TypeAdapter(list[Event | BadRow]),
    "publish": TypeAdapter(list[Artifact]),
    "deliver": TypeAdapter(Outcome),
    "reward": TypeAdapter(Outcome),
    FACTS: TypeAdapter(None),
}
BATCH = {"read_file": 1000, "publish": 1}


class PluginFault(ChannelFailure):
    """The plugin broke the contract (raised, hung, answered garbage, is missing): its author has work to do.

    Of kind `unknown`, because nobody can say what it did outside before it broke.
    """

    kind: FailureKind = "unknown"


class PluginMissing(PluginFault):
    """There is no such plugin or verb here: nothing was done, a human must decide."""

    kind = "bad_settings"


class StuckThreads:
    """Calls that never came back, by plugin; too many of them and the plugin is not called any more."""

    def __init__(self) -> None:
        self._threads: dict[str, list[threading.Thread]] = {}

    def add(self, key: str, thread: threading.Thread) -> None:
        """Remember a hanging call."""
        self._threads.setdefault(key, []).append(thread)

    def refuse_if_many(self, key: str) -> None:
        """Raise `PluginFault` while MAX_STUCK calls of this plugin hang."""
        alive = [thread for thread in self._threads.get(key, []) if thread.is_alive()]
        self._threads[key] = alive
        if len(alive) >= MAX_STUCK:
            raise PluginFault(f"plugin {key}: {len(alive)} calls hang; it is not called again until they end")


def call_once(key: str, verb: str, work: Callable[[], object], *, seconds: float, stuck: StuckThreads) -> Any:
    """Run `work` and return its result, checked and rebuilt from JSON. Raises `ChannelFailure`, nothing else."""
    stuck.refuse_if_many(key)
    try:
        return rebuilt(key, verb, run_guarded(work, seconds=seconds, name=f"{key}.{verb}"))
    except Overrun as overrun:
        stuck.add(key, overrun.thread)
        raise fault(key, verb, f"did not answer in {seconds:g} s, stuck at {overrun.place}") from None
    except Escaped as escaped:
        if isinstance(escaped.cause, ChannelFailure):
            raise escaped.cause from None
        raise fault(key, verb, f"raised {where_raised(escaped.cause)}") from None


def call_stream(
    key: str, verb: str, work: Callable[[], Iterator[T]], *, seconds: float, stuck: StuckThreads
) -> Iterator[T]:
    """Yield from a verb that streams, in guarded batches, so that memory stays small."""
    source: list[Iterator[T]] = []

    def next_batch() -> list[T]:
        if not source:
            source.append(iter(work()))
        return list(islice(source[0], BATCH[verb]))

    while batch := call_once(key, verb, next_batch, seconds=seconds, stuck=stuck):
        yield from batch


def call_outcomes(
    key: str,
    verb: str,
    work: Callable[[], Iterator[Outcome]],
    asked: Sequence[Message] | Sequence[Payout],
    *,
    seconds: float,
    stuck: StuckThreads,
) -> list[Outcome]:
    """One outcome for each of `asked`, in their order, whatever the plugin does. Raises nothing.

    What the plugin said before it broke is kept; the others get the failure it raised, or `unknown`.
    """
    said: dict[str, Outcome] = {}
    keys = {item.key for item in asked}

    def collect() -> tuple[()]:
        for outcome in work():
            take_outcome(key, verb, outcome, keys, said)
        return ()

    try:
        stuck.refuse_if_many(key)
        run_guarded(collect, seconds=seconds, name=f"{key}.{verb}")
        rest = Failure(kind="unknown", message=f"plugin {key} said nothing about this one")
    except Overrun as overrun:
        stuck.add(key, overrun.thread)
        rest = fault(key, verb, f"did not answer in {seconds:g} s, stuck at {overrun.place}").as_failure()
    except PluginFault as hanging:
        rest = Failure(kind="unreachable", message=hanging.message)
    except Escaped as escaped:
        cause = escaped.cause
        if not isinstance(cause, ChannelFailure):
            cause = fault(key, verb, f"raised {where_raised(cause)}")
        rest = cause.as_failure()
    heard = dict(said)  # a hanging call may still be adding to `said`
    return [heard.get(item.key) or failed(item.key, rest) for item in asked]


def take_outcome(key: str, verb: str, outcome: object, keys: set[str], said: dict[str, Outcome]) -> None:
    """Keep a genuine outcome: the first for a key that was asked about; everything else is logged and dropped."""
    try:
        checked: Outcome = rebuilt(key, verb, outcome)
    except PluginFault:
        return
    if checked.key not in keys or checked.key in said:
        log.warning("plugin %s: %s gave an outcome twice, or for a message it was not given", key, verb)
        return
    said[checked.key] = checked


def rebuilt(key: str, verb: str, result: object) -> Any:
    """The result after a trip through JSON, which proves its type and that nothing of the plugin's clings to it."""
    adapter = RESULTS[verb]
    try:
        return adapter.validate_json(adapter.dump_json(result, warnings="error"))
    except (ValidationError, PydanticSerializationError, RecursionError, ValueError):
        raise fault(key, verb, f"answered garbage: {type(result).__name__} instead of its contract") from None


def fault(key: str, verb: str, what: str) -> PluginFault:
    """Log a broken contract by the plugin's name and make the failure for it."""
    log.error("plugin %s: %s %s", key, verb, what)
    return PluginFault(f"plugin {key}: {verb} {what}")
