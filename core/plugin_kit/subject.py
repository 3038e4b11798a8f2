"""A plugin under examination, and how a check is written."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path

from pydantic import BaseModel, JsonValue, SecretStr

from core.plugin_host.host import Host
from core.plugin_kit.samples import Recorded, Samples
from core.sdk.manifest import Manifest, Verb
from core.sdk.settings import plain_form
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

    def with_each_account(self) -> "Iterator[tuple[str, Subject]]":
        """Itself, and itself with each other account among the fixtures, by name."""
        yield "", self
        for name, changes in self.samples.accounts.items():
            settings = self.samples.settings | changes
            yield name, replace(self, samples=self.samples.model_copy(update={"settings": settings}))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values of the sample settings, the provider's among them."""
        return tuple(_secrets(self.host.settings(self.key, self.form)))

    def form_of(self, one: Recorded) -> dict[str, JsonValue]:
        """The settings under which a recorded request came."""
        return self.form | one.settings

    def plain_form_of(self, one: Recorded) -> dict[str, JsonValue]:
        """The same as the settings model reads them."""
        return plain_form(self.host.settings(self.key, self.form_of(one)))

    def other_form(self, one: Recorded) -> dict[str, JsonValue]:
        """The settings of somebody else: every secret has another value of the same kind."""
        return _of_another(self.host.settings(self.key, self.form_of(one)))

    def can(self, verb: Verb) -> bool:
        """Whether it answers this verb."""
        return verb in self.manifest.capabilities


Findings = Iterator[str]
"""What is wrong, one line each, saying what to change."""
Find = Callable[[Subject], Findings]


@dataclass(frozen=True)
class Check:
    """One rule of the contract. `applies` says whether it concerns a plugin at all."""

    code: str
    title: Text
    find: Find
    applies: Callable[[Subject], bool]


CHECKS: list[Check] = []


def check(code: str, zh: str, en: str, *verbs: Verb) -> Callable[[Find], Find]:
    """Decorator: register a rule; with verbs, it concerns only plugins that answer all of them."""

    def register(find: Find) -> Find:
        CHECKS.append(Check(code, Text(zh=zh, en=en), find, lambda one: all(one.can(verb) for verb in verbs)))
        return find

    return register


def with_each_account(find: Find) -> Find:
    """Decorator, nearer to the function than `check`: the rule holds for every account among the fixtures."""

    @wraps(find)
    def find_all(subject: Subject) -> Findings:
        for name, one in subject.with_each_account():
            yield from (f"{name}: {finding}" if name else finding for finding in find(one))

    return find_all


def _secrets(settings: BaseModel) -> Iterator[str]:
    for _, value in settings:
        if isinstance(value, SecretStr) and value.get_secret_value():
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from _secrets(value)


def _of_another(settings: BaseModel) -> dict[str, JsonValue]:
    form = plain_form(settings)
    for name, value in settings:
        if isinstance(value, SecretStr) and value.get_secret_value():
            form[name] = _shuffled(value.get_secret_value())
        elif isinstance(value, BaseModel):
            form[name] = _of_another(value)
    return form


def _shuffled(secret: str) -> str:
    """The same characters in another order: it still looks like a secret of that kind."""
    head, rest = secret[: len(secret) // 3], list(secret[len(secret) // 3 :])
    random.Random(7).shuffle(rest)
    other = head + "".join(rest)
    return other if other != secret else secret[::-1] + "x"
