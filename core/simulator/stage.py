"""The simulator itself: vendors found by folder, requests taken to them, their news brought back."""

import json
import os
import threading
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from pydantic import JsonValue

from core import clock
from core.simulator import vendors as folder
from core.simulator.conversation import Conversation, Entry, State, readable
from core.simulator.moods import Fate, Moods
from core.simulator.posting import Post, post_by_http
from core.simulator.queue import Queue
from core.simulator.vendor import Vendor
from core.simulator.wire import Asked, Reply, say

LONGEST_HANG = 60.0
SENSELESS = (KeyError, ValueError, TypeError, IndexError, AttributeError)
"""What a vendor's code raises over a request that makes no sense."""


class Simulator:
    """All vendors, their moods, the conversation, and the callbacks on their way."""

    def __init__(self, *, only: Iterable[Vendor] | None = None, post: Post = post_by_http) -> None:
        self.vendors = {one.key: one for one in (find_vendors() if only is None else only)}
        self.moods = {key: Moods() for key in self.vendors}
        self.conversation = Conversation()
        self.queue = Queue(self.conversation, post)
        self.waking = threading.Event()
        self.ports: dict[str, int] = {}
        """Where vendors that speak no HTTP listen, by host."""
        self._calls = 0
        self._saving = threading.Lock()

    def take(self, asked: Asked) -> Reply:
        """Bring a request to its vendor and its answer back."""
        vendor = self.vendor_of(asked.host, asked.path)
        if vendor is None:
            return say({"error": f"no simulated vendor answers for {asked.host}"}, 404)
        moods = self.moods[vendor.key]
        self._calls += 1
        fate = Fate(moods, f"{vendor.key}:call:{self._calls}")
        if moods.latency:
            self.waking.wait(moods.latency)
        with vendor.lock:
            reply, why, remark = _ask(vendor, asked, moods if fate.is_moody else Moods())
            news, vendor.outbox = vendor.outbox, []
        self._note(vendor, asked, reply, "forged" if why else "genuine", why or remark)
        for one in news:
            self.queue.plan(vendor, moods, one)
        is_bad = fate.is_moody and not why and not vendor.is_query(asked)
        if is_bad and moods.answers == "hanging":
            self.waking.wait(LONGEST_HANG)
        return Reply(b"upstream failed", 500) if is_bad and moods.answers in ("broken", "hanging") else reply

    def vendor_of(self, host: str, path: str = "/") -> Vendor | None:
        """Who answers for this host; who answers only for a part of its paths goes first there."""
        fitting = [
            (len(name), key)
            for key, vendor in self.vendors.items()
            for name in vendor.hosts
            if _answers(name, host, path)
        ]
        return self.vendors[max(fitting)[1]] if fitting else None

    def tell(self, key: str, what: str, fields: Mapping[str, str]) -> None:
        """Let something happen at a vendor by hand, and let it tell. Raises KeyError or ValueError."""
        vendor = self.vendors[key]
        with vendor.lock:
            happened = tuple(vendor.make_happen(what, fields))
        for news in happened:
            self.queue.plan(vendor, self.moods[key], news)

    def flush(self) -> None:
        """Plan what vendors have put out beside an answer, as in their day."""
        for key, vendor in self.vendors.items():
            with vendor.lock:
                news, vendor.outbox = vendor.outbox, []
            for one in news:
                self.queue.plan(vendor, self.moods[key], one)

    def reset(self) -> None:
        """Begin anew: no conversation, nothing on its way, all vendors in a good mood; hooks and settings stay."""
        self.wake()
        self.conversation.clear()
        self.queue.clear()
        for key, vendor in self.vendors.items():
            with vendor.lock:
                vendor.outbox.clear()
                vendor.forget()
            self.moods[key] = Moods()

    def wake(self) -> None:
        """Let whoever hangs in an answer go on."""
        waking, self.waking = self.waking, threading.Event()
        waking.set()

    def save(self, path: Path) -> None:
        """Keep hooks, settings, moods and what vendors remember; hooks are secrets, so only this user may read it.

        Requests end side by side and each saves: one at a time, in one draft, whose text is made in one step.
        """
        with self._saving:
            text = json.dumps(self._kept(), ensure_ascii=False)
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
            draft.replace(path)

    def _kept(self) -> dict[str, dict[str, JsonValue]]:
        return {
            key: {
                "hooks": {**one.hooks},
                "settings": {**one.settings},
                "moods": self.moods[key].model_dump(),
                "memory": one.remember(),
            }
            for key, one in self.vendors.items()
        }

    def load(self, path: Path) -> None:
        """Take back what `save` kept; of vendors that are gone nothing."""
        if not path.is_file():
            return
        for key, told in json.loads(path.read_text()).items():
            if vendor := self.vendors.get(key):
                vendor.hooks = told["hooks"]
                vendor.settings |= {name: value for name, value in told["settings"].items() if name in vendor.settings}
                self.moods[key] = Moods.model_validate(told["moods"])
                memory: JsonValue = told["memory"]
                vendor.recall(memory)

    def _note(self, vendor: Vendor, asked: Asked, reply: Reply, state: State, remark: str) -> None:
        action = asked.headers.get("x-acs-action") or asked.headers.get("x-tc-action") or asked.path
        self.conversation.note(
            lambda number: Entry(
                number,
                clock.now(),
                vendor.key,
                "call",
                action,
                f"{asked.method} {asked.host}{asked.target}",
                readable(asked.body),
                state,
                reply.status,
                readable(reply.body),
                0.0,
                remark,
            )
        )


def _answers(name: str, host: str, path: str) -> bool:
    """Whether a vendor's `hosts` entry means this host and path."""
    named, _, part = name.partition("/")
    is_host = host == named or (named.startswith("*.") and host.endswith(named[1:]))
    return is_host and (not part or path.startswith(f"/{part}/"))


def find_vendors() -> list[Vendor]:
    """One of each vendor in the folder, by name."""
    names = sorted(f"{folder.__name__}.{module.name}" for module in iter_modules(folder.__path__))
    return [kind() for name in names for kind in _kinds_in(import_module(name))]


def _kinds_in(module: ModuleType) -> list[type[Vendor]]:
    """The vendors that a file defines."""
    found = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Vendor)]
    return [one for one in found if one.__module__ == module.__name__]


def _ask(vendor: Vendor, asked: Asked, moods: Moods) -> tuple[Reply, str, str]:
    """The vendor's answer, why it does not believe the request, and what the page should say beside."""
    try:
        why = vendor.why_forged(asked)
    except SENSELESS as error:
        why = f"the signature cannot be read: {type(error).__name__} {error}"
    if why:
        return vendor.refuse(vendor.troubles["forged"]), why, ""
    if not vendor.is_query(asked) and moods.answers in ("busy", "empty", "code"):
        trouble = moods.answers
        return vendor.refuse(moods.code if trouble == "code" else vendor.troubles[trouble]), "", trouble
    try:
        return vendor.answer(asked), "", moods.answers if moods.answers != "fine" else ""
    except SENSELESS as error:
        vendor.outbox.clear()
        return vendor.refuse(vendor.troubles["garbage"]), "", f"{type(error).__name__}: {error}"
