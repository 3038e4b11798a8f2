"""Any system's JSON becomes events by rules; what is no event is named with its row."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from core.sdk import Event, Figures, IdentitySeen, Lead, OrderSeen, Touch
from core.sdk.leads import ConsentRule
from core.sdk.mapped import TARGETS, MappedBody, list_pointers, map_body, read_mapping, value_at

AT = datetime(2026, 11, 21, 2, 5, tzinfo=UTC)
LEADS = """
# a form of our own shop
rows = /data/list
event = lead
event_id = /id
at = /time
phone = /user/mobile
answers = /form
detail.item_id = /video/0
"""
BODY: dict[str, Any] = {
    "data": {
        "list": [
            {
                "id": 9007199254740993,
                "time": "2026-11-21 10:00:00",
                "user": {"mobile": "139-0000-0001"},
                "form": [{"label": "预算", "value": ["a", "b"]}, {"label": "agree", "value": "yes"}],
                "video": ["v1"],
            },
            {"id": 2, "user": {}},
            "no row",
        ]
    }
}


def mapped(written: str, body: JsonValue, **more: Any) -> MappedBody:
    return map_body(body, read_mapping(written), source="shop", received_at=AT, **more)


def one(written: str, body: JsonValue) -> Event:
    found = mapped(written, body)
    assert not found.problems
    return found.events[0]


def test_rows_become_leads() -> None:
    found = mapped(LEADS, BODY, consent=ConsentRule(wording="I agree", field="Agree"))
    lead, consent = found.events
    assert isinstance(lead, Lead)
    assert (lead.event_id, lead.at) == ("lead-shop-9007199254740993", datetime(2026, 11, 21, 2, tzinfo=UTC))
    assert (lead.who[0].value, lead.detail["item_id"]) == ("+8613900000001", "v1")
    assert lead.fields == {"预算": "a、b", "agree": "yes"}
    assert consent.type == "consent"
    assert found.problems == {2: "holds no answers: map a phone or the answers", 3: "is no object"}


def test_orders_are_moved_by_their_state() -> None:
    rules = (
        "order_no = /no\namount = /fen\namount_in = minor\nstate = /s\nvalue.state.已退 = refunded\ncustomer_id = /who"
    )
    order = one(rules, {"no": "N1", "fen": "12,350", "s": "paid", "who": "c1"})
    assert isinstance(order, OrderSeen)
    assert (order.order_no, order.amount, order.state) == ("N1", Decimal("123.5"), "paid")
    refund = one(rules, {"no": "N1", "s": "已退"})
    assert isinstance(refund, OrderSeen)
    assert (refund.state, refund.amount, refund.who) == ("refunded", None, ())


def test_touches_figures_and_names_are_told() -> None:
    touch = one("kind = /k\nphone = /p\ncode = /c\nvalue.kind.关注 = joined", {"k": "关注", "p": 13900000001, "c": "x"})
    assert isinstance(touch, Touch)
    assert (touch.kind, touch.code) == ("joined", "x")
    figures = one(
        "views = /v\nday = /d\nspend = /s\ncampaign = /n", {"v": "12.0", "d": "2026/11/20", "s": "¥3", "n": "V1"}
    )
    assert isinstance(figures, Figures)
    assert (figures.counts, str(figures.day), figures.spend) == ({"views": 12}, "2026-11-20", Decimal(3))
    named = one("event = identity\nunionid = /u\nfield.city = /c", {"u": "U", "c": "杭州"})
    assert isinstance(named, IdentitySeen)
    assert named.traits == {"city": "杭州"}


def test_ids_are_the_rows_own() -> None:
    first, second = mapped("phone = /p", [{"p": "13900000001"}, {"p": "13900000001", "x": 1}]).events
    assert first.event_id != second.event_id
    assert mapped("phone = /p", {"x": 1, "p": "13900000001"}).events[0].event_id == second.event_id


def test_tests_are_dropped() -> None:
    assert mapped("phone = /p\nis_test = /t", {"p": "13900000001", "t": True}) == MappedBody()


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("phone", "line 1"),
        ("\n\nsmiles = /a", "line 3: smiles"),
        ("event = cake", "event is one of"),
        ("value.kind.x = cake\nphone = /p", "kind is one of"),
        ("event = lead", "takes anything"),
        ("phone = /" + "a" * 350, "too long"),
        ("detail. = /a", "no field"),
        ("\n".join(["phone = /p"] * 101), "at most"),
    ],
)
def test_mistakes_are_named(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_mapping(written)


def test_pointers_are_those_of_the_rfc() -> None:
    document: JsonValue = {"a/b": {"m~n": [1, {"": "x"}]}, "": 0, "n": None}
    assert value_at(document, "/a~1b/m~0n/1/") == "x"
    assert value_at(document, "") == document
    assert value_at(document, "/a~1b/m~0n/7") is None
    assert value_at(document, "/n/x") is None
    assert list_pointers(document) == {"/a~1b/m~0n/0": 1, "/": 0}


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["a", "b", "label", "value"]), inner),
    max_leaves=12,
)
PLACES = st.sampled_from(["/a", "/b", "/a/b", "/a/0", "/a/0/label"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY, st.dictionaries(st.sampled_from([*TARGETS, "field.x", "detail.y"]), PLACES, min_size=1))
def test_no_body_breaks_a_mapping(body: Any, rules: dict[str, str]) -> None:
    written = "\n".join(f"{ours} = {theirs}" for ours, theirs in rules.items())
    for event in mapped(written, body).events:
        json.dumps(event.model_dump(mode="json"))
        assert event.event_id
