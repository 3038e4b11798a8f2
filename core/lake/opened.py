"""Files of the lake laid open: the same rows, uncompressed and mapped into memory, so that some people's rows are found
without decoding everybody's. A cache: what is missing or damaged is made again from the file itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.lake.arrays import map_arrays, write_arrays
from core.lake.facts import ORDER_TYPES, TOUCH_TYPES, OrderFacts, TouchFacts
from core.lake.manifest import Part
from core.lake.parts import opened_path, read_facts

LARGE = 20_000
"""Files of fewer rows are decoded each time: laying them open would take longer."""
KEPT_SMALL = 256
BY_PERSON = ("person", "start")


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A file's rows. columns: those beside `contact`, by name, in the file's order; person: int32[p], ascending; start:
    int64[p + 1], the rows start[i]:start[i + 1] are of person[i]."""

    columns: dict[str, NDArray[Any]]
    person: NDArray[np.int32]
    start: NDArray[np.int64]

    def find(self, contacts: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """int64[f], twice: which contacts have rows, and the places of these among `person`."""
        if not len(self.person):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        place = np.searchsorted(self.person, contacts)
        met = np.flatnonzero(self.person.take(place, mode="clip") == contacts)
        return met, place[met]


def open_part(tenant_id: int, part: Part) -> Opened:
    """A file of touches or of orders."""
    if part.rows < LARGE:
        return _decoded(tenant_id, part)
    path = opened_path(tenant_id, part.name)
    try:
        return _mapped(*map_arrays(path), part)
    except (OSError, ValueError, KeyError):
        opened = _decode(tenant_id, part)
        write_arrays(path, _arrays_of(opened), note=part.name)
        return opened


def open_large(tenant_id: int, parts: Iterable[Part]) -> None:
    """Lay all large files open, for those who come later."""
    for part in parts:
        if part.kind != "drops" and part.rows >= LARGE:
            open_part(tenant_id, part)


def _decode(tenant_id: int, part: Part) -> Opened:
    facts: TouchFacts | OrderFacts
    if part.kind == "touches":
        facts = read_facts(tenant_id, part.name, TouchFacts)
    else:
        facts = read_facts(tenant_id, part.name, OrderFacts)
    contact = facts.contact
    begin = np.flatnonzero(np.append(True, contact[1:] != contact[:-1])[: len(contact)])
    columns = {name: getattr(facts, name) for name in _names(part)}
    start = np.append(begin, len(contact))
    return Opened(columns, contact[begin], start)


# A name is never given to another file.
_decoded = lru_cache(maxsize=KEPT_SMALL)(_decode)


def _arrays_of(opened: Opened) -> dict[str, NDArray[Any]]:
    """For the file; a column of one value is stored as that."""
    found: dict[str, NDArray[Any]] = {name: getattr(opened, name) for name in BY_PERSON}
    for name, column in opened.columns.items():
        found[name] = column[:1] if len(column) and bool((column == column[0]).all()) else column
    return found


def _mapped(arrays: dict[str, NDArray[Any]], of_name: str, part: Part) -> Opened:
    person, start = (arrays[name] for name in BY_PERSON)
    columns = {name: arrays[name] for name in _names(part)}
    wide = {name: np.broadcast_to(one, part.rows) if len(one) == 1 else one for name, one in columns.items()}
    is_whole = len(start) == len(person) + 1 and int(start[-1]) == part.rows
    if of_name != part.name or not is_whole or any(len(one) != part.rows for one in wide.values()):
        raise ValueError(f"{part.name} was laid open wrongly")
    return Opened(wide, person, start)


def _names(part: Part) -> list[str]:
    return [name for name in (TOUCH_TYPES if part.kind == "touches" else ORDER_TYPES) if name != "contact"]
