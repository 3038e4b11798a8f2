"""A mapping is tried on a pasted sample before it is saved, and mistakes are told in place of a failure."""

from typing import Any

import pytest

from tests.clients import RoleClient


def preview(client: RoleClient, sample: str, mapping: str = "") -> dict[str, Any]:
    answer = client.post("/mapping/preview", json={"sample": sample, "mapping": mapping})
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def test_sample_becomes_events(client: RoleClient) -> None:
    sample = '{"list": [{"tel": "13900000001", "n": 7, "say": {"city": "杭州"}}, {"n": 8}]}'
    shown = preview(client, sample, "rows = /list\nevent = lead\nevent_id = /n\nphone = /tel\nfield.city = /say/city")
    assert [(one["pointer"], one["value"]) for one in shown["pointers"]] == [
        ("/tel", '"13900000001"'),
        ("/n", "7"),
        ("/say/city", '"杭州"'),
    ]
    assert [one["event_id"] for one in shown["events"]] == ["lead-hook-7"]
    assert shown["events"][0]["fields"] == {"city": "杭州"}
    assert [one["row"] for one in shown["problems"]] == [2]


def test_places_are_shown_before_any_rule(client: RoleClient) -> None:
    shown = preview(client, '{"a": {"b/c": true}}')
    assert shown["pointers"] == [{"pointer": "/a/b~1c", "value": "true"}]
    assert {one["name"] for one in shown["targets"]} >= {"phone", "order_no", "views"}
    assert shown["events"] == []


@pytest.mark.parametrize(
    ("sample", "mapping", "why"),
    [
        ("{", "", "not JSON"),
        ("[" * 90_000, "", "not JSON"),
        ("{}", "smiles = /a", "smiles"),
        ('"\\ud800"', "event = x", "event"),
    ],
)
def test_mistakes_are_told(client: RoleClient, sample: str, mapping: str, why: str) -> None:
    assert why in preview(client, sample, mapping)["mistake"]


def test_hostile_samples_are_survived(client: RoleClient) -> None:
    for sample in ('{"a": "\\ud800", "b": 1e999}', '{"\\u0000": "\\u0000"}', "[[[[]]]]", "null", "1" * 5_000):
        preview(client, sample, "phone = /a\nviews = /b")
