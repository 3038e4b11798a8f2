"""Load one plugin and hold it against the contract; whatever is wrong is said by its name."""

import importlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from types import ModuleType, UnionType
from typing import Any, get_args

import pluggy
from pydantic import ValidationError

from core.plugin_host.discovery import Found
from core.plugin_host.guard import Escaped, Overrun, run_guarded, where_raised
from core.plugin_host.problems import PluginRefused
from core.plugin_host.shapes import check_shapes
from core.sdk import hookspecs
from core.sdk.attribution import OWN_MODELS, AttributionModel, ChannelModel
from core.sdk.channel import Channel
from core.sdk.manifest import Manifest, Verb
from core.sdk.settings import ChannelSettings
from core.sdk.version import SDK_VERSION, accepts_sdk

Kind = Callable[..., Any] | UnionType
LOAD_SECONDS = 10.0
AnyChannel = Channel[ChannelSettings]
VERBS: tuple[str, ...] = get_args(Verb)


@dataclass(frozen=True)
class Loaded:
    """A plugin that keeps the contract."""

    found: Found
    manifest: Manifest
    module: ModuleType
    channels: tuple[AnyChannel, ...]
    models: tuple[AttributionModel | ChannelModel, ...]
    listener: pluggy.HookCaller | None = None


def load_plugin(found: Found, *, seconds: float = LOAD_SECONDS) -> Loaded:
    """Read the manifest, import the module, check its hooks, ask it to register. Raises `PluginRefused`.

    Runs guarded: an import that hangs, exits or raises refuses this plugin alone.
    """
    try:
        return run_guarded(lambda: _load(found), seconds=seconds, name=found.name)
    except Overrun as overrun:
        raise PluginRefused(f"loading takes over {seconds:g} s, stuck at {overrun}") from None
    except Escaped as escaped:
        if isinstance(escaped.cause, PluginRefused):
            raise escaped.cause from None
        raise PluginRefused(f"loading raised {where_raised(escaped.cause)}: {escaped.cause}") from None


def _load(found: Found) -> Loaded:
    manifest = read_manifest(found)
    if not accepts_sdk(manifest.sdk):
        raise PluginRefused(f"is written for sdk {manifest.sdk}, this is {SDK_VERSION}: get the version that fits")
    module = importlib.import_module(found.module)
    manager = registered_alone(module)
    channels = _listed(manager.hook.siyu_register_channels(), Channel, "siyu_register_channels")
    models = _listed(manager.hook.siyu_register_models(), AttributionModel | ChannelModel, "siyu_register_models")
    if taken := OWN_MODELS & {model.name for model in models}:
        raise PluginRefused(f"registers the model {', '.join(sorted(taken))}, which Siyu has itself")
    for channel in channels:
        check_channel(channel, manifest)
    listener = manager.hook.siyu_facts_recorded if hasattr(module, "siyu_facts_recorded") else None
    if len(channels) > 1 or not (channels or models or listener):
        raise PluginRefused(f"registers {len(channels)} channels and {len(models)} models; expected one channel")
    return Loaded(found, manifest, module, tuple(channels), tuple(models), listener)


def read_manifest(found: Found) -> Manifest:
    """The plugin's manifest.json. Raises `PluginRefused` when it is missing or wrong, naming the fields."""
    try:
        text = resources.files(found.package).joinpath("manifest.json").read_text(encoding="utf-8")
        manifest = Manifest.model_validate_json(text)
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise PluginRefused(f"manifest.json cannot be read: {type(error).__name__}") from None
    except ValidationError as error:
        fields = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()[:5])
        raise PluginRefused(f"manifest.json is wrong: {fields}") from None
    if found.package.rpartition(".")[2] not in (manifest.key, f"siyu_{manifest.key}"):
        raise PluginRefused(f"manifest.json says key {manifest.key!r}, but the folder is {found.package!r}")
    return manifest


def registered_alone(module: ModuleType) -> pluggy.PluginManager:
    """A manager that holds only this module, after a misspelt, unmarked or unknown hook was refused."""
    known = {name for name in vars(hookspecs) if name.startswith("siyu_")}
    for name, member in vars(module).items():
        if not name.startswith("siyu_") or not inspect.isfunction(member):
            continue
        if name not in known:
            raise PluginRefused(f"defines {name}, which is no hook; hooks are {', '.join(sorted(known))}")
        if not hasattr(member, f"{hookspecs.NAMESPACE}_impl"):
            raise PluginRefused(f"defines {name} without @hookimpl")
    manager = new_manager()
    manager.register(module, name=module.__name__)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginRefused(str(error)) from None
    return manager


def new_manager() -> pluggy.PluginManager:
    """An empty plugin manager that knows the hooks."""
    manager = pluggy.PluginManager(hookspecs.NAMESPACE)
    manager.add_hookspecs(hookspecs)
    return manager


def check_channel(channel: AnyChannel, manifest: Manifest) -> None:
    """Hold one channel against its manifest. Raises `PluginRefused`."""
    if channel.key != manifest.key:
        raise PluginRefused(f"the channel's key is {channel.key!r}, the manifest's {manifest.key!r}")
    answered = {verb for verb in VERBS if getattr(type(channel), verb) is not getattr(Channel, verb)}
    declared = set(manifest.capabilities)
    if missing := declared - answered:
        raise PluginRefused(f"the manifest declares {', '.join(sorted(missing))}, but the channel has no such verb")
    if extra := answered - declared:
        raise PluginRefused(f"the channel answers {', '.join(sorted(extra))}, but the manifest does not declare it")
    if manifest.idempotency == "query" and "lookup" not in declared:
        raise PluginRefused("idempotency is `query`, which needs the verb lookup")
    if "deliver" in declared and not manifest.medium:
        raise PluginRefused("delivers messages, but the manifest names no medium")
    check_shapes(channel)


def _listed(
    answers: Iterable[object], kind: Callable[..., Any] | UnionType, hook: str
) -> list[Any]:  # kinds are checked here
    members: list[Any] = []
    for answer in answers:
        if not isinstance(answer, list) or not all(isinstance(member, kind) for member in answer):  # type: ignore[arg-type]  # a class
            raise PluginRefused(f"{hook} must return a list of {getattr(kind, '__name__', kind)}")
        members += answer
    return members
