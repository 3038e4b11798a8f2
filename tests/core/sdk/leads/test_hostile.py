"""No body makes a reader of leads raise anything but a failure of ours, or give what cannot be stored."""

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.sdk import ChannelFailure, Event
from core.sdk.leads import LeadForm, google, lead_events, meta, oceanengine, xiaohongshu
from core.sdk.vendor_json import load_json
from tests.core.sdk.leads.bodies import AT, FEIYU_PUSH, GOOGLE_PUSH, LIFE_PAGE, META_LEAD, META_NOTICE, RED_PUSH

Reader = Callable[[bytes], list[LeadForm]]


def some(form: LeadForm | None) -> list[LeadForm]:
    return [form] if form else []


READERS: dict[str, Reader] = {
    "life page": lambda body: oceanengine.read_page(load_json(body), received_at=AT).forms,
    "feiyu": lambda body: oceanengine.read_push(body, received_at=AT),
    "red": lambda body: xiaohongshu.read_push(body, received_at=AT),
    "meta lead": lambda body: some(meta.read_lead(load_json(body), received_at=AT)),
    "google": lambda body: some(google.read_push(body, received_at=AT)),
    "meta notice": lambda body: [
        form
        for notice in meta.read_notices(body, received_at=AT)
        for form in some(meta.read_lead(dict(META_LEAD), received_at=AT, notice=notice))
    ],
}
GOOD: dict[str, object] = {
    "life page": LIFE_PAGE,
    "feiyu": FEIYU_PUSH,
    "red": RED_PUSH,
    "meta lead": META_LEAD,
    "meta notice": META_NOTICE,
    "google": GOOGLE_PUSH,
}
BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"7",
    b"NaN",
    b"[" * 60_000,
    b'{"data":' * 20_000,
    b"x" * 1_000_000,
]
HOSTILE: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        -1,
        10**400,
        1e308,
        "",
        "\ud800",
        "a\x00b",
        "9" * 5_000,
        [],
        {},
        [[]],
        {"list": 1},
        "2026-13-45 99:99:99",
    ]
)


def read(name: str, body: bytes) -> list[Event]:
    try:
        return [event for form in READERS[name](body) for event in lead_events(form)]
    except ChannelFailure as failure:
        assert failure.kind in ("refused", "bad_settings", "throttled", "unreachable")
        return []


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_garbage_is_no_lead(name: str, body: bytes) -> None:
    assert read(name, body) == []


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_one_wrong_value_is_survived(name: str, data: st.DataObject) -> None:
    spoiled = json.loads(json.dumps(GOOD[name]))
    place, key = data.draw(st.sampled_from(_places(spoiled)))
    place[key] = data.draw(HOSTILE)
    for event in read(name, json.dumps(spoiled).encode()):
        assert "\x00" not in event.model_dump_json()
        event.model_dump_json().encode("utf-8")


def _places(value: object) -> list[tuple[dict[str, object], str]]:
    if isinstance(value, dict):
        return [(value, key) for key in value] + [found for one in value.values() for found in _places(one)]
    return [found for one in value for found in _places(one)] if isinstance(value, list) else []
