"""A plugin under examination, and how a check is written."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from core.plugin_host.host import Host
from core.plugin_kit.samples import Samples
from core.sdk.manifest import Manifest, Verb
from core.sdk.settings import merged_form, plain_form, secret_names
from core.sdk.values import Text


@dataclass(frozen=True)
class Subject:
    """A plugin that could be loaded. `form` are settings that it takes."""

    key: str
    host: Host
    folder: Path
    samples: Samples

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""
        return self.host.manifests[self.key]

    @property
    def form(self) -> dict[str, JsonValue]:
        """The sample settings."""
        return dict(self.samples.settings)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values of the sample settings."""
        model = type(self.host.settings(self.key, self.form))
        return tuple(str(self.form[name]) for name in secret_names(model) if self.form.get(name))

    def other_form(self) -> dict[str, JsonValue]:
        """The settings of somebody else: every secret has another value of the same kind."""
        settings = self.host.settings(self.key, self.form)
        kept = plain_form(settings)
        changed = {name: _shuffled(str(kept[name])) for name in secret_names(type(settings)) if kept.get(name)}
        return dict(merged_form(type(settings), kept | changed, kept))

    def can(self, verb: Verb) -> bool:
        """Whether it answers this verb."""
        return verb in self.manifest.capabilities


Findings = Iterator[str]
"""What is wrong, one line each, saying what to change."""


@dataclass(frozen=True)
class Check:
    """One rule of the contract. `applies` says whether it concerns a plugin at all."""

    code: str
    title: Text
    find: Callable[[Subject], Findings]
    applies: Callable[[Subject], bool]


CHECKS: list[Check] = []


def check(code: str, zh: str, en: str, *verbs: Verb) -> Callable[[Callable[[Subject], Findings]], object]:
    """Decorator: register a rule; with verbs, it concerns only plugins that answer all of them."""

    def register(find: Callable[[Subject], Findings]) -> Callable[[Subject], Findings]:
        CHECKS.append(Check(code, Text(zh=zh, en=en), find, lambda one: all(one.can(verb) for verb in verbs)))
        return find

    return register


def _shuffled(secret: str) -> str:
    """The same characters in another order: it still looks like a secret of that kind."""
    head, rest = secret[: len(secret) // 3], list(secret[len(secret) // 3 :])
    random.Random(7).shuffle(rest)
    other = head + "".join(rest)
    return other if other != secret else secret[::-1] + "x"
