"""Who only met more is not matched again, and the result is that of counting everybody; on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from core.attribution import following, keeping
from core.attribution.changed import Changed
from core.attribution.further import Contacts
from core.attribution.matching import Cut
from core.attribution.parts import Part
from core.attribution.runs import Detail
from core.attribution.trimming import DirectTouches, Visitors
from core.contacts import service as contacts
from core.db import writing
from core.lake import growth, opened
from core.lake.flush import flush_lake
from core.tenants.models import Tenant
from tests.core.attribution import followed_runs
from tests.core.attribution.followed_runs import assert_same, begun, make, make_full
from tests.core.attribution.made_history import History
from tests.core.lake.crashing import SMALL
from tests.core.lake.made_facts import add_order, add_people, add_touches, at

WINDOW = (at(12 * 24 * 60).date(), at(75 * 24 * 60).date())
"""Ends after all that is later than a history."""
PLAIN: tuple[dict[str, Any], ...] = (
    {},
    {"kind_weights": {"click": 2.0, "visit": 0.5}},
    {"direct_touches": DirectTouches.DROP, "lookback_days": 5.0},
    {"visitors": Visitors.LEAVE_OUT},
)
SHARING: tuple[dict[str, Any], ...] = (
    {"cut": Cut.NONE},
    {"collapse": True},
    {"direct_touches": DirectTouches.LAST_RESORT},
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SMALL, "DELTAS": 8}.items():
        monkeypatch.setattr(growth, name, value)
    monkeypatch.setattr(opened, "LARGE", 5)
    monkeypatch.setattr(keeping, "WORTH", 1)
    monkeypatch.setattr(following, "MOST_CHANGED", 0)
    monkeypatch.setattr(followed_runs, "WINDOW", WINDOW)


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Contacts that an increment counts as they were and as they are."""
    found: list[int] = []
    parts_of = Changed.parts_of

    def listed(changed: Changed, contacts: Contacts) -> tuple[Part, Part]:
        found.extend(contacts.tolist())
        return parts_of(changed, contacts)

    monkeypatch.setattr(Changed, "parts_of", listed)
    return found


def meet_more(history: History) -> None:
    for _ in range(2):
        history.happen("later")
    flush_lake(history.tenant.number)


@pytest.mark.parametrize("options", PLAIN)
def test_later_touches_are_not_matched(tenant: Tenant, matched: list[int], options: dict[str, Any]) -> None:
    history = begun(tenant)
    meet_more(history)  # so that some have rows in several files
    make_full(tenant, **options).keep()
    meet_more(history)
    found = make(tenant, **options)
    assert found.followed is not None
    assert found.followed.changes.count > 20
    assert matched == []
    assert_same(tenant, found, make_full(tenant, **options))


@pytest.mark.parametrize("options", [*SHARING, {"detail": Detail.FULL}, followed_runs.OPTIONS[0]])
def test_what_may_differ_is_matched(tenant: Tenant, matched: list[int], options: dict[str, Any]) -> None:
    history = begun(tenant)
    make_full(tenant, **options).keep()
    meet_more(history)
    with writing(tenant.number) as session:
        history.invite(session)
    found = make(tenant, **options)
    assert found.followed is not None
    assert 0 < len(matched) < found.followed.changes.count or (options in SHARING and matched)
    assert_same(tenant, found, make_full(tenant, **options))


def touch(tenant: Tenant, person: int, minute: float) -> None:
    with writing(tenant.number) as session:
        add_touches(session, [person], [minute], channel=2)


def order(tenant: Tenant, person: int, minute: float) -> None:
    with writing(tenant.number) as session:
        add_order(session, person, minute)


def merge(tenant: Tenant, person: int) -> None:
    with writing(tenant.number) as session:
        contacts.merge(session, loser=add_people(session, 1)[0], into=person)


MEETINGS: dict[str, Callable[[Tenant, int], object]] = {
    "later": lambda tenant, person: touch(tenant, person, 30_000),
    "earlier": lambda tenant, person: touch(tenant, person, 27_000),
    "at the same instant": lambda tenant, person: touch(tenant, person, 28_000),
    "before an order": lambda tenant, person: touch(tenant, person, 26_000),
    "with an order": lambda tenant, person: order(tenant, person, 31_000),
    "with another person": merge,
}


@pytest.mark.parametrize("how", MEETINGS)
def test_only_what_is_later_grows(tenant: Tenant, matched: list[int], how: str) -> None:
    begun(tenant)
    with writing(tenant.number) as session:
        (person,) = add_people(session, 1)
        add_touches(session, [person, person], [25_000, 28_000])
        add_order(session, person, 26_500)
    flush_lake(tenant.number)
    make_full(tenant).keep()
    MEETINGS[how](tenant, person)
    touch(tenant, person, 30_500)
    flush_lake(tenant.number)
    found = make(tenant)
    assert found.followed is not None
    assert matched == ([] if how == "later" else [*found.followed.changes.contacts.tolist()])
    assert person in found.followed.changes.contacts
    assert_same(tenant, found, make_full(tenant))


def test_touch_before_known_order_is_matched(tenant: Tenant, matched: list[int]) -> None:
    begun(tenant)
    with writing(tenant.number) as session:
        (person,) = add_people(session, 1)
        add_touches(session, [person], [25_000])
        add_order(session, person, 31_000)
    flush_lake(tenant.number)
    make_full(tenant).keep()
    touch(tenant, person, 30_500)
    flush_lake(tenant.number)
    found = make(tenant)
    assert found.followed is not None
    assert matched == [person]
    assert_same(tenant, found, make_full(tenant))
