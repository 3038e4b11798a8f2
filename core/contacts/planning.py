"""Who is who: from claims and the contacts they name to the joins, merges and doubts that follow.

Pure rules. A strong identity belongs to one person, and two people who share one are merged, unless
the merge looks like a mistake: then it is parked for a human. A weak identity (a browser, a device)
belongs to at most one person, hands its visitor to the first strong identity it meets, and never
joins two people who hold different values of one kind. The result does not depend on the order in
which the claims are given.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from core.contacts.identities import RANK, WEAK
from core.contacts.joining import Bundle, Doubt, Edge, Key, Known, Person, Plan

MAX_VALUES = 5
LINKED_PAST = timedelta(days=30)


def plan_joins(bundles: Sequence[Bundle], known: Known) -> Plan:
    """Decide for a batch of bundles at once."""
    strangers = _find_strangers(bundles, known)
    order = sorted(
        (i for i in range(len(bundles)) if i not in strangers), key=lambda i: (bundles[i].at, sorted(bundles[i].keys))
    )
    table = _Table(known)
    named = {i: table.join_strong(bundles[i]) for i in order}
    chosen = {i: table.join_weak(bundles[i], named[i]) for i in order}
    people = [
        strangers[i] if i in strangers else table.whose(chosen[i], at=bundle.at) for i, bundle in enumerate(bundles)
    ]
    return Plan(people=people, everyone=[*strangers.values(), *table.everyone()], doubts=table.open_doubts())


def _find_strangers(bundles: Sequence[Bundle], known: Known) -> dict[int, Person]:
    """Bundles of one new value that no other bundle names: each is a new person, and nothing has to be weighed."""
    named = Counter(key for bundle in bundles for key in bundle.keys)
    strangers = {}
    for i, bundle in enumerate(bundles):
        key = bundle.keys[0]
        if len(bundle.keys) == 1 and named[key] == 1 and key not in known.owner and key not in known.ignored:
            is_weak = key.kind in WEAK
            strangers[i] = Person(
                strong=set() if is_weak else {key},
                new_keys=[key],
                is_visitor=is_weak,
                joined_at=None if is_weak else bundle.at,
            )
    return strangers


class _Table:
    """Union-find over the people of a batch, with the reasons for each join."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._doubts: list[Doubt] = []
        self._of_root: dict[int, Person] = {}
        self._of_key: dict[Key, Person] = {}
        self._absorbed: dict[int, Person] = {}
        self._made: list[Person] = []

    def join_strong(self, bundle: Bundle) -> Person | None:
        """The person whom strong identities name; None where there are none."""
        keys = self._strong_keys(bundle)
        if not keys:
            return None
        fresh = [key for key in keys if self.owner(key) is None]
        if fresh:
            self._make(fresh, is_visitor=False)
        owners = [person for key in keys if (person := self.owner(key)) is not None]
        chosen = owners[0]
        for other in owners[1:]:
            chosen, other = self.survivor(chosen), self.survivor(other)
            if chosen is other:
                continue
            if self._may_join(chosen, other):
                chosen = self._unite(chosen, other, reason="strong")
            else:
                self._doubt(chosen, other, reason="too_many_values")
        chosen.joined_at = min(chosen.joined_at or bundle.at, bundle.at)
        return chosen

    def join_weak(self, bundle: Bundle, named: Person | None) -> Person:
        """Who the event is about, once its browsers and devices have been heard."""
        chosen = named or self._stand_in(bundle)
        person = self.settled(chosen)
        for key in self._loose_keys(bundle):
            owner = self.owner(key)
            if owner is None:
                self._give(person, key)
            else:
                person = self._meet(person, self.settled(owner), at=bundle.at)
        for key in self._ignored_keys(bundle):
            owner = self.owner(key)
            if owner is not None and not person.is_visitor and not self.settled(owner).is_visitor:
                self._doubt(person, self.settled(owner), reason="ignored_value")
        return chosen

    def owner(self, key: Key) -> Person | None:
        if key not in self._of_key and (root := self.known.owner.get(key)) is not None:
            self._of_key[key] = self._person_of(root)
        person = self._of_key.get(key)
        return person and self.survivor(person)

    def survivor(self, person: Person) -> Person:
        while id(person) in self._absorbed:
            person = self._absorbed[id(person)]
        return person

    def settled(self, person: Person) -> Person:
        person = self.survivor(person)
        while person.into is not None:
            person = self.survivor(person.into)
        return person

    def whose(self, person: Person, *, at: datetime) -> Person:
        """The person a fact belongs to: what a visitor did too long ago stays the visitor's."""
        visitor = self.survivor(person)
        return visitor if visitor.since is not None and at < visitor.since else self.settled(visitor)

    def everyone(self) -> list[Person]:
        people = [person for person in self._made if id(person) not in self._absorbed]
        for person in people:
            if person.into is not None:
                person.into = self.settled(person.into)
        return people

    def open_doubts(self) -> list[Doubt]:
        """The doubts that the rest of the batch left open, one a pair: either side may have joined others since."""
        found: dict[frozenset[int], Doubt] = {}
        for doubt in self._doubts:
            one, other = self.survivor(doubt.one), self.survivor(doubt.other)
            if one is not other:
                found.setdefault(frozenset((id(one), id(other))), Doubt(one, other, doubt.reason))
        return list(found.values())

    def _strong_keys(self, bundle: Bundle) -> list[Key]:
        strong = [key for key in _ranked(bundle.keys) if not key.is_weak and key not in self.known.ignored]
        return _at_most(strong, MAX_VALUES)

    def _ignored_keys(self, bundle: Bundle) -> list[Key]:
        return [key for key in _ranked(bundle.keys) if not key.is_weak and key in self.known.ignored]

    def _loose_keys(self, bundle: Bundle) -> list[Key]:
        """The weak keys; an ignored value stands in for them only where an event has nothing else."""
        weak = [key for key in _ranked(bundle.keys) if key.is_weak]
        return weak if weak or self._strong_keys(bundle) else self._ignored_keys(bundle)

    def _stand_in(self, bundle: Bundle) -> Person:
        """The visitor of a bundle without a strong identity: whoever holds its first held key, or a new one."""
        keys = self._loose_keys(bundle)
        for key in keys:
            if (owner := self.owner(key)) is not None:
                return owner
        return self._make(keys[:1], is_visitor=True)

    def _meet(self, person: Person, owner: Person, *, at: datetime) -> Person:
        """A weak identity of `owner` is claimed for `person`."""
        if person is owner or self._are_apart(person, owner):
            return person
        if owner.is_visitor and not person.is_visitor:
            owner.into, owner.since = person, at - LINKED_PAST
            return person
        if person.is_visitor and not owner.is_visitor:
            person.into, person.since = owner, at - LINKED_PAST
            return owner
        if person.is_visitor or (not _conflict(person, owner) and self._may_join(person, owner)):
            return self._unite(person, owner, reason="weak")
        return person

    def _may_join(self, one: Person, other: Person) -> bool:
        return not self._are_apart(one, other) and _fits(one.strong | other.strong)

    def _are_apart(self, one: Person, other: Person) -> bool:
        return any(frozenset((a, b)) in self.known.apart for a in one.roots for b in other.roots)

    def _unite(self, one: Person, other: Person, *, reason: str) -> Person:
        # Whoever joined first stays; people made in this batch have no number yet and always give way.
        if other.roots and (not one.roots or min(other.roots) < min(one.roots)):
            one, other = other, one
        one.edges += other.edges
        one.joined_at = min((at for at in (one.joined_at, other.joined_at) if at is not None), default=None)
        if other.roots:
            one.edges.append(Edge(winner=min(one.roots), loser=min(other.roots), reason=reason))
        one.roots = sorted(one.roots + other.roots)
        one.strong |= other.strong
        one.new_keys += other.new_keys
        self._absorbed[id(other)] = one
        return one

    def _doubt(self, one: Person, other: Person, *, reason: str) -> None:
        if one is not other and not self._are_apart(one, other):
            self._doubts.append(Doubt(one=one, other=other, reason=reason))

    def _give(self, person: Person, key: Key) -> None:
        self._of_key[key] = person
        person.new_keys.append(key)

    def _make(self, keys: Sequence[Key], *, is_visitor: bool) -> Person:
        person = Person(is_visitor=is_visitor, strong=set() if is_visitor else set(keys))
        self._made.append(person)
        for key in keys:
            self._give(person, key)
        return person

    def _person_of(self, root: int) -> Person:
        if root not in self._of_root:
            held = set(self.known.strong.get(root, ()))
            person = Person(roots=[root], strong=held, is_visitor=root in self.known.visitors)
            self._of_root[root] = person
            self._made.append(person)
        return self._of_root[root]


def _ranked(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (RANK[key.kind], key.app, key.token))


def _at_most(keys: Sequence[Key], limit: int) -> list[Key]:
    taken: dict[tuple[str, str], int] = {}
    kept = []
    for key in keys:
        taken[key.kind, key.app] = taken.get((key.kind, key.app), 0) + 1
        if taken[key.kind, key.app] <= limit:
            kept.append(key)
    return kept


def _fits(keys: AbstractSet[Key]) -> bool:
    return len(_at_most(list(keys), MAX_VALUES)) == len(keys)


def _conflict(one: Person, other: Person) -> bool:
    return bool({(key.kind, key.app) for key in one.strong} & {(key.kind, key.app) for key in other.strong})
