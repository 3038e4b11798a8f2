"""Why a job failed, in the reader's words. The API keeps one line for operators; what it says is recognised here."""

import re
from collections.abc import Callable

from admin_ui.words import plain, t

Say = Callable[[re.Match[str]], str]
DATABASE = frozenset({"OperationalError", "InterfaceError", "DatabaseError", "DBAPIError", "TimeoutError"})


def _fault(found: re.Match[str]) -> str:
    kind, job = found[1], found[2]
    if kind in DATABASE:
        return t("jobs.cause_database")
    if kind == "MemoryError":
        return t("jobs.cause_memory")
    if kind in ("OSError", "FileNotFoundError", "PermissionError"):
        return t("jobs.cause_disk", job=job)
    return t("jobs.cause_fault", kind=kind, job=job)


KNOWN: tuple[tuple[re.Pattern[str], Say], ...] = (
    (re.compile(r"the process that ran it died \((\d+) of (\d+)\)"), lambda m: t("jobs.cause_died", n=m[1], most=m[2])),
    (re.compile(r"cancelled on request"), lambda m: t("jobs.cause_cancelled")),
    (re.compile(r"(\w+) \(see the log of job ([\w-]+)\)"), _fault),
    (re.compile(r"(\w+) could not print: (.*)", re.S), lambda m: t("jobs.cause_print", plugin=m[1], said=plain(m[2]))),
)


def in_words(error: str) -> str:
    """The cause, or the line itself when it is already written for people (a plugin's or an import's own words)."""
    for pattern, say in KNOWN:
        found = pattern.fullmatch(error)
        if found:
            return say(found)
    return plain(error)
