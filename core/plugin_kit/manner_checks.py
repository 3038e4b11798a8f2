"""Rules about manners: nothing stays behind, nothing is let out."""

import contextlib
import io
import logging
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from core.plugin_kit.subject import CHECKS, Findings, Subject, check

PERSONAL = ("phone", "email", "openid", "name", "mobile")


class _Kept(logging.Handler):
    """What was logged meanwhile, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@check("traces", "不留线程、文件和个人信息", "leaves no thread and no file behind, prints nothing, logs nobody")
def find_traces(subject: Subject) -> Findings:
    """Everything is called once more, in a folder of its own, and what it leaves or lets out is looked at."""
    before, kept, out = set(threading.enumerate()), _Kept(), io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        _listening(kept),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
    ):
        _call_everything(subject)
        left = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*"))
    threads = {thread.name for thread in set(threading.enumerate()) - before if not thread.name.startswith("plugin ")}
    said = out.getvalue() + "\n".join(kept.lines)
    if left:
        yield f"writes files: {', '.join(left[:5])}; hand artefacts back instead"
    if threads:
        yield f"starts threads: {', '.join(sorted(threads)[:5])}"
    if out.getvalue().strip():
        yield "prints; use no print, a worker's output is nobody's to read"
    if any(word in said for word in _personal(subject)):
        yield "a phone number, name or other personal datum stands in what is printed or logged"
    if any(secret in said for secret in subject.secrets):
        yield "a secret of the settings stands in what is printed or logged"


@contextlib.contextmanager
def _listening(kept: _Kept) -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(kept)
        root.setLevel(level)


def _call_everything(subject: Subject) -> None:
    """Run every other rule for its calls alone."""
    for rule in CHECKS:
        if rule.code not in ("traces", "imports", "readme") and rule.applies(subject):
            for _ in rule.find(subject):
                pass


def _personal(subject: Subject) -> set[str]:
    found = {"1390000000"}
    for one in subject.samples.requests.values():
        found |= set(_words(one.json_body))
    return found


def _words(value: object, under: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _words(inner, str(key).lower())
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner, under)
    elif isinstance(value, str) and len(value) >= 6 and any(word in under for word in PERSONAL):
        yield value
