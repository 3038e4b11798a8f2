"""The host: every plugin that keeps the contract, the reasons against the others, and the way to call them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any, Literal, overload

from pydantic import JsonValue, ValidationError

from core import settings
from core.logs import logger
from core.plugin_host.calls import (
    FACTS,
    FACTS_SECONDS,
    SECONDS,
    PluginMissing,
    StuckThreads,
    call_once,
    call_outcomes,
    call_stream,
)
from core.plugin_host.discovery import Found, find_plugins
from core.plugin_host.loading import AnyChannel, Loaded, load_plugin
from core.plugin_host.problems import PluginRefused, Problem
from core.plugin_host.reloading import Stamp, forget_written, stamp_of
from core.sdk.attribution import AttributionModel, ChannelModel
from core.sdk.events import Event, Notice
from core.sdk.facts import Fact
from core.sdk.failures import BadSettings, ChannelFailure
from core.sdk.manifest import Manifest
from core.sdk.messages import Message, Outcome, Payout, Preview, Sought
from core.sdk.placements import Artifact, Code, JoinAsked, JoinCode, Landing, Placement
from core.sdk.requests import Answer, BadRow, Pulled, Request, SourceFile
from core.sdk.settings import ChannelSettings
from core.sdk.values import IdentityClaim, Text

log = logger(__name__)

Given = ChannelSettings | Mapping[str, JsonValue]
"""Settings as callers have them: the unsealed form, or an instance already."""


class Host:
    """All plugins of this process. Built once by `host()`; tests build their own with `Host.load(found)`."""

    def __init__(self, loaded: Sequence[Loaded], problems: Sequence[Problem]) -> None:
        self.manifests: dict[str, Manifest] = {plugin.manifest.key: plugin.manifest for plugin in loaded}
        self.channels: dict[str, AnyChannel] = {c.key: c for plugin in loaded for c in plugin.channels}
        self.models: dict[str, AttributionModel | ChannelModel] = {
            m.name: m for plugin in loaded for m in plugin.models
        }
        self.listeners = {p.manifest.key: p.listener for p in loaded if p.listener is not None}
        self.problems: tuple[Problem, ...] = tuple(problems)
        self._stuck = StuckThreads()

    @classmethod
    def load(cls, found: Sequence[Found]) -> "Host":
        """Load each plugin alone; a bad one becomes a problem by its name and the others go on."""
        loaded: list[Loaded] = []
        problems: list[Problem] = []
        for plugin in found:
            try:
                candidate = load_plugin(plugin)
                _refuse_taken(candidate, loaded)
                loaded.append(candidate)
            except PluginRefused as refusal:
                log.error("plugin %s is not loaded: it %s", plugin.name, refusal)
                problems.append(Problem(plugin=plugin.name, reason=str(refusal)))
        return cls(loaded, problems)

    def settings(self, key: str, given: Given) -> ChannelSettings:
        """`given` as an instance of the plugin's settings model. Raises `BadSettings` naming the fields."""
        model = self._channel(key).settings_model
        if isinstance(given, model):
            return given
        try:
            return model.model_validate(given)
        except ValidationError as error:
            fields = ", ".join(".".join(map(str, e["loc"])) for e in error.errors())
            raise BadSettings(f"the settings of {key} do not fit: {fields}", code="settings") from None

    @overload
    def call(
        self, key: str, verb: Literal["check"], given: Given, /, *, timeout: float | None = None
    ) -> tuple[Text, ...]: ...
    @overload
    def call(
        self, key: str, verb: Literal["answer"], request: Request, given: Given, /, *, timeout: float | None = None
    ) -> Answer: ...
    @overload
    def call(
        self, key: str, verb: Literal["parse"], request: Request, given: Given, /, *, timeout: float | None = None
    ) -> list[Event]: ...
    @overload
    def call(
        self, key: str, verb: Literal["pull"], cursor: str | None, given: Given, /, *, timeout: float | None = None
    ) -> Pulled: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["fetch"],
        notices: Sequence[Notice],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[Event]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["measure"],
        placements: Sequence[Placement],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[Event]: ...
    @overload
    def call(
        self, key: str, verb: Literal["read_file"], file: SourceFile, given: Given, /, *, timeout: float | None = None
    ) -> Iterator[Event | BadRow]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["publish"],
        placement: Placement,
        codes: Sequence[Code],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> Iterator[Artifact]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["landing"],
        placement: Placement,
        code: Code,
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> Landing: ...
    @overload
    def call(
        self, key: str, verb: Literal["preview"], message: Message, given: Given, /, *, timeout: float | None = None
    ) -> Preview: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["deliver"],
        messages: Sequence[Message],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[Outcome]: ...
    @overload
    def call(
        self, key: str, verb: Literal["payee"], request: Request, given: Given, /, *, timeout: float | None = None
    ) -> IdentityClaim: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["join_codes"],
        asked: Sequence[JoinAsked],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[JoinCode]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["drop_codes"],
        vendor_ids: Sequence[str],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[str]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["start_show"],
        placement: Placement,
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> tuple[Text, ...]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["lookup", "cancel"],
        keys: Sequence[Sought],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[Event]: ...
    @overload
    def call(
        self,
        key: str,
        verb: Literal["reward"],
        payouts: Sequence[Payout],
        given: Given,
        /,
        *,
        timeout: float | None = None,
    ) -> list[Outcome]: ...

    def call(self, key: str, verb: str, /, *args: Any, timeout: float | None = None) -> Any:  # typed by the overloads
        """Call a verb of the channel `key`: the arguments of the contract, the settings last.

        Raises `ChannelFailure` and nothing else: one of the five, or `PluginFault` when the plugin is missing, has
        no such verb, raises something else, hangs past the verb's time, or answers garbage. `read_file` and
        `publish` raise while they are iterated. `deliver` and `reward` never raise: they return one outcome for
        each message or payout, in their order.
        """
        *values, given = args
        seconds = SECONDS[verb] if timeout is None else timeout

        def work() -> Any:  # checked against the contract by its callers
            return getattr(self._able(key, verb), verb)(*values, self.settings(key, given))

        if verb in ("deliver", "reward"):
            return call_outcomes(key, verb, work, values[0], seconds=seconds, stuck=self._stuck)
        call: Callable[..., Any] = call_stream if verb in ("read_file", "publish") else call_once
        return partial(call, key, verb, work, seconds=seconds, stuck=self._stuck)()

    def tell_facts(self, facts: Sequence[Fact]) -> None:
        """Tell every plugin that listens, each under guard; one that breaks is logged by name and the others go on."""
        for key, listener in self.listeners.items():
            with suppress(ChannelFailure):  # logged where it was contained
                call_once(key, FACTS, partial(listener, facts=tuple(facts)), seconds=FACTS_SECONDS, stuck=self._stuck)

    def _able(self, key: str, verb: str) -> AnyChannel:
        channel = self._channel(key)
        if verb not in self.manifests[key].capabilities:
            raise PluginMissing(f"plugin {key} has no verb {verb}")
        return channel

    def _channel(self, key: str) -> AnyChannel:
        channel = self.channels.get(key)
        if channel is None:
            raise PluginMissing(f"plugin {key} is not loaded; `siyu plugins check` says why")
        return channel


def _refuse_taken(candidate: Loaded, loaded: Sequence[Loaded]) -> None:
    for other in loaded:
        if other.manifest.key == candidate.manifest.key:
            raise PluginRefused(f"has the key {candidate.manifest.key!r}, which {other.found.package} has already")
        if taken := {m.name for m in other.models} & {m.name for m in candidate.models}:
            raise PluginRefused(f"registers the model {', '.join(sorted(taken))}, which {other.found.package} has")


def host() -> Host:
    """The host of this process; plugins are loaded at the first call, those being written whenever they change."""
    return _loaded(stamp_of(settings.current().plugin_paths))


@lru_cache(maxsize=1)
def _loaded(stamp: Stamp) -> Host:
    forget_written(settings.current().plugin_paths)
    return Host.load(find_plugins())
