"""The words in which it is decided who is who (planning.py): keys, what is stored, and the people of a plan."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from core.contacts.identities import WEAK

Pair = frozenset[int]


class Key(NamedTuple):
    """An identity as the rules see it: `token` is its blind index. A tuple, because it is hashed all day."""

    kind: str
    app: str
    token: bytes

    @property
    def is_weak(self) -> bool:
        return self.kind in WEAK


@dataclass(frozen=True, slots=True)
class Bundle:
    """The identities that one event claims for one person at one instant."""

    keys: tuple[Key, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored: numbers are roots, the contacts that others are merged into."""

    owner: Mapping[Key, int] = field(default_factory=dict)
    strong: Mapping[int, AbstractSet[Key]] = field(default_factory=dict)
    visitors: AbstractSet[int] = frozenset()
    apart: AbstractSet[Pair] = frozenset()
    ignored: AbstractSet[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Edge:
    """One merge of two stored contacts and the evidence for it: `strong` or `weak`."""

    winner: int
    loser: int
    reason: str


@dataclass(eq=False, slots=True)
class Person:
    """One person of the plan: existing contacts that become one (the first stays), and what is new about them."""

    roots: list[int] = field(default_factory=list)
    strong: set[Key] = field(default_factory=set)
    new_keys: list[Key] = field(default_factory=list)
    is_visitor: bool = False
    joined_at: datetime | None = None
    edges: list[Edge] = field(default_factory=list)
    into: "Person | None" = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A merge that a human must decide."""

    one: Person
    other: Person
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`people[i]` is who `bundles[i]` is about; a visitor with `into` belongs to that person from `since` on."""

    people: list[Person]
    everyone: list[Person]
    doubts: list[Doubt]
