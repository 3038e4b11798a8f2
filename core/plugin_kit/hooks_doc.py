"""Writes docs/hooks.md from the specifications themselves: `python -m core.plugin_kit.hooks_doc docs/hooks.md`."""

import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from core.plugin_host.calls import SECONDS
from core.sdk import hookspecs
from core.sdk.channel import Channel
from core.sdk.events import Event
from core.sdk.facts import Fact
from core.sdk.manifest import Manifest, Verb
from core.sdk.version import SDK_VERSION

HEAD = f"""# Hooks and verbs

Written from `core/sdk` by `make hooks-doc`; do not edit. This is sdk {SDK_VERSION}. How to write a plugin:
[writing-a-channel.md](writing-a-channel.md). What facts hold: [webhooks.md](webhooks.md).

Hooks are functions of a plugin's module, marked with `@hookimpl`; a function named `siyu_*` that is not marked, or that
is no hook, refuses the plugin at load. Verbs are methods of the channel that a plugin registers; the manifest's
`capabilities` lists those that it answers.
"""


def write_reference() -> str:
    """The whole page."""
    hooks = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("siyu_")}
    parts = [HEAD, *(_hook(name, hook) for name, hook in hooks.items()), "# Verbs of a channel\n"]
    parts += [_verb(verb) for verb in get_args(Verb)]
    parts.append("# The manifest\n\n" + _paragraphs(Manifest))
    parts.append("# A fact\n\n" + _paragraphs(Fact))
    return "\n".join(parts)


def _hook(name: str, hook: Callable[..., Any]) -> str:
    return f"## {name}\n\n```python\ndef {name}{_signature(hook)}\n```\n\n{_paragraphs(hook)}\n"


def _verb(verb: str) -> str:
    method = getattr(Channel, verb)
    lines = [f"## {verb}", f"```python\ndef {verb}{_signature(method)}\n```", _paragraphs(method)]
    return "\n\n".join([*lines, f"At most {SECONDS[verb]:g} s.\n"])


def _signature(function: Callable[..., Any]) -> str:
    """Without the names of modules, which nobody types, and with the union of all events by its name."""
    text = str(inspect.signature(function)).replace(str(Event), "Event")
    return re.sub(r"\b(?:\w+\.)+(?=\w)|~", "", text)


def _paragraphs(thing: object) -> str:
    """A docstring as text: lines that were broken for the source flow again."""
    text = inspect.getdoc(thing) or ""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(write_reference(), "utf-8")
