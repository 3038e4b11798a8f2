"""Which column is which field: proposed from the headers and samples, edited by a person, checked before it is used."""

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Setting

from core.ingest import fields
from core.ingest.fields import IDENTITIES, ImportKind
from core.ingest.row_filter import Condition

_NOISE = re.compile(r"[\s_\-./:：（）()]+")
_LOOKS_LIKE = {
    "at": re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|1\d{9}(\d{3})?"),
    "phone": re.compile(r"(\+?86)?[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}"),
}


TouchKind = Literal[
    "impression",
    "click",
    "scan",
    "redeem",
    "visit",
    "lead",
    "joined",
    "reply",
    "comment",
    "message_sent",
    "message_delivered",
    "conversion",
]


class Mapping(BaseModel):
    """How rows become facts. `columns` is field -> column; the rest stands in for a column that the file lacks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, str] = Setting(default_factory=dict, max_length=60)
    channel: str | None = Setting(default=None, min_length=1, max_length=100)
    touch_kind: TouchKind | None = None
    currency: str | None = Setting(default=None, pattern="^[A-Z]{3}$")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a mapping cannot be used; `path` names the setting, as the form shows it."""

    path: str
    code: str
    zh: str
    en: str


def propose_mapping(kind: ImportKind, *, header: list[str], samples: dict[str, list[str]]) -> Mapping:
    """The best guess: headers by name first (each field its likeliest header), then columns by what they look like."""
    free = {normalise(name): name for name in reversed(header)}
    columns: dict[str, str] = {}
    for field in fields.fields_of(kind):
        for word in field.headers:
            column = free.pop(normalise(word), None)
            if column is not None:
                columns[field.key] = column
                break
    offered = {field.key for field in fields.fields_of(kind)}
    for key, pattern in _LOOKS_LIKE.items():
        if key in columns or key not in offered:
            continue
        found = next(
            (name for name in header if name in free.values() and _all_match(samples.get(name, []), pattern)), None
        )
        if found is not None:
            columns[key] = found
            free = {word: name for word, name in free.items() if name != found}
    return Mapping(columns=columns)


def _all_match(values: list[str], pattern: re.Pattern[str]) -> bool:
    filled = [value.strip() for value in values if value.strip()]
    return bool(filled) and all(pattern.fullmatch(value) for value in filled)


def normalise(name: str) -> str:
    return _NOISE.sub("", name).lower()


def find_problems(
    kind: ImportKind, mapping: Mapping, *, header: list[str], conditions: list[Condition]
) -> list[Problem]:
    """Everything that must be put right before rows are read; empty when the mapping can be used."""
    known = {field.key for field in fields.fields_of(kind)}
    problems: list[Problem] = []
    for key, column in mapping.columns.items():
        if key not in known:
            problems.append(
                Problem(f"mapping.columns.{key}", "unknown_field", f"没有“{key}”这个字段", f"there is no field “{key}”")
            )
        elif column not in header:
            problems.append(_no_column(f"mapping.columns.{key}", column))
    problems += [_no_column("row_filter", one.column) for one in conditions if one.column not in header]
    problems += [_missing(key) for key in fields.required_of(kind) if not _stands_in(key, mapping)]
    if fields.needs_identity(kind) and not any(key in mapping.columns for key in IDENTITIES):
        problems.append(
            Problem("mapping.columns", "no_identity", "没有一列能认出联系人", "no column says who each row is about")
        )
    return problems


def _stands_in(key: str, mapping: Mapping) -> bool:
    return key in mapping.columns or (key == "channel" and mapping.channel is not None)


def _missing(key: str) -> Problem:
    field = fields.BY_KEY[key]
    return Problem(
        f"mapping.columns.{key}", "required", f"请选一列作为“{field.zh}”", f"choose a column for “{field.en}”"
    )


def _no_column(path: str, column: str) -> Problem:
    return Problem(path, "unknown_column", f"文件里没有“{column}”这一列", f"the file has no column “{column}”")
