"""The joining rules, alone: examples, then properties over random histories."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.contacts.joining import Bundle, Edge, Key, Known, Person
from core.contacts.planning import MAX_VALUES, plan_joins
from core.contacts.resolving import earliest_bundles
from tests.core.contacts.stored_people import StoredPeople

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def key(kind: str, value: str, app: str = "") -> Key:
    return Key(kind, app, value.encode())


def phone(value: str) -> Key:
    return key("phone", value)


def cookie(value: str) -> Key:
    return key("cookie", value)


def bundle(*keys: Key, day: int = 0) -> Bundle:
    return Bundle(keys, DAY + timedelta(days=day))


def known(*people: tuple[int, list[Key]], **more: frozenset[object]) -> Known:
    return Known(
        owner={k: number for number, keys in people for k in keys},
        strong={number: frozenset(k for k in keys if not k.is_weak) for number, keys in people},
        visitors={number for number, keys in people if all(k.is_weak for k in keys)},
        **more,  # type: ignore[arg-type]  # `apart` and `ignored`, as the test gives them
    )


def test_shared_strong_identity_joins_events() -> None:
    plan = plan_joins([bundle(phone("a"), key("email", "x")), bundle(key("email", "x"))], Known())
    assert plan.people[0] is plan.people[1]
    assert sorted(plan.people[0].new_keys) == [key("email", "x"), phone("a")]


def test_strong_evidence_merges_two_contacts() -> None:
    plan = plan_joins([bundle(phone("a"), key("email", "x"))], known((7, [phone("a")]), (3, [key("email", "x")])))
    assert plan.people[0].roots == [3, 7]
    assert plan.people[0].edges == [Edge(winner=3, loser=7, reason="strong")]


def test_too_many_values_are_parked() -> None:
    full = [key("customer_id", str(i)) for i in range(MAX_VALUES)]
    plan = plan_joins([bundle(phone("a"), key("customer_id", "new"))], known((1, [phone("a"), *full])))
    assert plan.people[0].roots == []
    assert [doubt.reason for doubt in plan.doubts] == ["too_many_values"]


def test_contacts_kept_apart_stay_apart() -> None:
    stored = known((1, [phone("a")]), (2, [key("email", "x")]), apart=frozenset({frozenset({1, 2})}))
    plan = plan_joins([bundle(phone("a"), key("email", "x"))], stored)
    assert [person.roots for person in plan.everyone] == [[2], [1]]
    assert plan.doubts == []


def test_ignored_value_joins_nobody() -> None:
    stored = known((1, [phone("a"), key("email", "x")]), (2, [key("email", "y")]), ignored=frozenset({phone("a")}))
    plan = plan_joins([bundle(phone("a"), key("email", "y"))], stored)
    assert plan.people[0].roots == [2]
    assert [doubt.reason for doubt in plan.doubts] == ["ignored_value"]


def test_ignored_value_alone_is_one_visitor() -> None:
    plan = plan_joins([bundle(phone("a")), bundle(phone("a"))], Known(ignored=frozenset({phone("a")})))
    assert plan.people[0] is plan.people[1]
    assert plan.people[0].is_visitor


def test_visitor_is_linked_to_first_strong() -> None:
    plan = plan_joins([bundle(cookie("c"), phone("a"), day=40)], known((1, [cookie("c")])))
    visitor = next(person for person in plan.everyone if person.is_visitor)
    assert (visitor.roots, visitor.into) == ([1], plan.people[0])
    assert visitor.since == DAY + timedelta(days=10)


def test_visitors_old_past_stays_theirs() -> None:
    plan = plan_joins(
        [bundle(cookie("c")), bundle(cookie("c"), day=39), bundle(cookie("c"), phone("a"), day=40)], Known()
    )
    assert plan.people[1] is plan.people[2]
    assert plan.people[0].is_visitor


def test_shared_cookie_never_joins_conflicting_phones() -> None:
    plan = plan_joins([bundle(cookie("c"), phone("a")), bundle(cookie("c"), phone("b"), day=1)], Known())
    assert plan.people[0] is not plan.people[1]
    assert [cookie("c") in person.new_keys for person in plan.people] == [True, False]


def test_shared_cookie_joins_without_conflict() -> None:
    stored = known((1, [cookie("c"), phone("a")]), (2, [key("customer_id", "x")]))
    plan = plan_joins([bundle(cookie("c"), key("customer_id", "x"))], stored)
    assert plan.people[0].edges == [Edge(winner=1, loser=2, reason="weak")]


def test_doubt_outlives_later_joins() -> None:
    full = [key("customer_id", str(i)) for i in range(MAX_VALUES)]
    one, other = (1, [phone("a"), *full]), (2, [key("customer_id", "x")])
    events = [bundle(phone("a"), key("customer_id", "x")), bundle(key("customer_id", "x"), key("email", "e"), day=1)]
    plan = plan_joins(events, known(one, other, (3, [key("email", "e")])))
    (doubt,) = plan.doubts
    assert sorted([doubt.one.roots, doubt.other.roots]) == [[1], [2, 3]]


def test_weak_event_hears_earlier_ones_first() -> None:
    events = [
        bundle(cookie("b")),
        bundle(phone("a"), cookie("b"), day=1),
        bundle(phone("b"), cookie("a"), day=1),
        bundle(cookie("a"), cookie("b"), day=2),
    ]
    plan = plan_joins(events, Known())
    assert plan.people[3] is plan.people[2]


keys = st.builds(
    key, st.sampled_from(["phone", "email", "customer_id", "cookie", "device"]), st.sampled_from([*"abcdefg"])
)
bundles = st.builds(
    lambda keys, hours: Bundle(tuple(keys), DAY + timedelta(hours=hours)),
    st.lists(keys, min_size=1, max_size=3, unique=True),
    st.integers(0, 24 * 50),
)
ignored = st.sets(keys.filter(lambda k: not k.is_weak), max_size=2)
batches = st.lists(bundles, max_size=25)


def grouping(people: list[Person]) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for i, person in enumerate(people):
        found.setdefault(id(person), set()).add(i)
    return {frozenset(group) for group in found.values()}


@given(batch=batches, ignored=ignored, data=st.data())
def test_order_of_claims_changes_nothing(batch: list[Bundle], ignored: set[Key], data: st.DataObject) -> None:
    stored = Known(ignored=ignored)
    shuffle = data.draw(st.permutations(range(len(batch))))
    straight = plan_joins(batch, stored)
    shuffled = plan_joins([batch[i] for i in shuffle], stored)
    back = {place: i for i, place in enumerate(shuffle)}
    assert grouping(straight.people) == grouping([shuffled.people[back[i]] for i in range(len(batch))])
    assert len(straight.doubts) == len(shuffled.doubts)


@given(batch=batches, ignored=ignored, again=st.lists(st.tuples(st.integers(0, 9), st.integers(-60, 60)), max_size=8))
def test_repeated_names_decide_nothing(batch: list[Bundle], ignored: set[Key], again: list[tuple[int, int]]) -> None:
    events = [*batch, *(bundle(*batch[i % len(batch)].keys, day=day) for i, day in again if batch)]
    stored = Known(ignored=ignored)
    whole = plan_joins(events, stored)
    earliest = earliest_bundles([event.keys for event in events], [event.at for event in events])
    short = plan_joins(earliest, stored)
    person = {one.keys: who for one, who in zip(earliest, short.people, strict=True)}
    assert grouping([final(who, event.at) for event, who in zip(events, whole.people, strict=True)]) == grouping(
        [final(person[event.keys], event.at) for event in events]
    )
    assert len(whole.doubts) == len(short.doubts)
    assert sorted((sorted(p.new_keys), p.joined_at) for p in whole.everyone) == sorted(
        (sorted(p.new_keys), p.joined_at) for p in short.everyone
    )


def final(person: Person, at: datetime) -> Person:
    """As storing resolves it: a visitor's events belong to whom it became, from the linked past on."""
    return person.into if person.into is not None and person.since is not None and at >= person.since else person


@given(batch=batches, ignored=ignored)
def test_same_batch_twice_adds_nothing(batch: list[Bundle], ignored: set[Key]) -> None:
    people = StoredPeople(ignored=frozenset(ignored))
    first = people.take(batch)
    stored = len(people.contacts)
    second = people.take(batch)
    assert len(people.contacts) == stored
    assert people.last_changes == 0
    assert first == second


@given(history=st.lists(batches, max_size=4), ignored=ignored)
def test_invariants_hold_over_any_history(history: list[list[Bundle]], ignored: set[Key]) -> None:
    people = StoredPeople(ignored=frozenset(ignored))
    for batch in history:
        people.take(batch)
    for strong in people.known().strong.values():
        counts: dict[tuple[str, str], int] = {}
        for k in strong:
            counts[k.kind, k.app] = counts.get((k.kind, k.app), 0) + 1
        assert max(counts.values(), default=0) <= MAX_VALUES
    assert all(people.root(number) == people.root(people.root(number)) for number in people.contacts)
