"""A store of people in memory, small enough to be plainly right: what the database does to a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.contacts.joining import Bundle, Key, Known, Person
from core.contacts.planning import plan_joins


@dataclass
class StoredPeople:
    ignored: frozenset[Key] = frozenset()
    contacts: dict[int, bool] = field(default_factory=dict)
    holder: dict[Key, int] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    parked: set[frozenset[int]] = field(default_factory=set)
    last_changes: int = 0

    def root(self, number: int) -> int:
        return self.merged.get(number, number)

    def known(self) -> Known:
        strong: dict[int, set[Key]] = {}
        for key, number in self.holder.items():
            if not key.is_weak and not self.contacts[number]:
                strong.setdefault(self.root(number), set()).add(key)
        return Known(
            owner={key: self.root(number) for key, number in self.holder.items()},
            strong=strong,
            visitors={number for number, is_visitor in self.contacts.items() if is_visitor},
            apart={frozenset(self.root(number) for number in pair) for pair in self.parked},
            ignored=self.ignored,
        )

    def take(self, batch: Sequence[Bundle]) -> list[int]:
        plan = plan_joins(batch, self.known())
        self.last_changes = len(plan.doubts)
        numbers = {id(person): self._store(person) for person in plan.everyone}
        for person in plan.everyone:
            if person.into is not None:
                self._merge(numbers[id(person.into)], numbers[id(person)])
        for doubt in plan.doubts:
            self.parked.add(frozenset({numbers[id(doubt.one)], numbers[id(doubt.other)]}))
        return [self.root(numbers[id(person)]) for person in plan.people]

    def _store(self, person: Person) -> int:
        number = person.roots[0] if person.roots else len(self.contacts) + 1
        self.contacts.setdefault(number, person.is_visitor)
        for key in person.new_keys:
            self.holder[key] = number
        for loser in person.roots[1:]:
            self._merge(number, loser)
        self.last_changes += len(person.new_keys)
        return number

    def _merge(self, winner: int, loser: int) -> None:
        self.last_changes += 1
        for number in (loser, *(n for n, root in self.merged.items() if root == loser)):
            self.merged[number] = winner
