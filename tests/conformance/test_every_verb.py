"""Every way in stands garbage, every verb answers the same twice, whichever plugin it is."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.plugin_host import Host, PluginFault
from core.plugin_host.discovery import find_plugins
from core.sdk import ChannelFailure, Request
from tests.conformance.samples import CARD, CODE, MESSAGES, PLACEMENT, sandboxed

HOST = Host.load(find_plugins())
AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
GARBAGE = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b"[[]]",
    b'{"batch": 7}',
    b'{"batch": [null, 7, {}]}',
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b'{"type": "track", "anonymousId": "\\ud800", "event": "\\u0000"}',
    b'{"type": "track", "userId": 1e999, "properties": {"total": "NaN"}}',
    b'[{"phone_number": "13900000001", "content": "\\ud800"}]',
    b'{"type":"identify","userId":"u","traits":{"a":NaN,"b":123456789012345678901234567890}}',
    b'{"type":"page","anonymousId":"a","timestamp":"99999-01-01T00:00:00Z"}',
    b'{"type":"page","anonymousId":"a","timestamp":"0001-01-01T00:00:00+14:00","sentAt":"9999-12-31T23:59:59-14:00"}',
    b"x" * 1_000_000,
]

NAMES = ["type", "batch", "event", "userId", "phone_number", "content", "success", "biz_id", "properties", "order_id"]
LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text()
ANY_JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner), max_leaves=12
)
PATIENT = 20.0  # seconds; the real limits are for a machine that is not busy with tests


def able(verb: str) -> list[str]:
    return sorted(key for key, manifest in HOST.manifests.items() if verb in manifest.capabilities)


def asked(body: bytes, key: str = "") -> Request:
    form = CARD if key == "package_card" else {}
    code = CODE.serial if key == "package_card" else None
    return Request(id="r1", received_at=AT, body=body, form=form, code=code, placement_id="p1")


@pytest.mark.parametrize("key", able("answer"))
@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_answered(key: str, body: bytes) -> None:
    answer = HOST.call(key, "answer", asked(body), sandboxed(key), timeout=PATIENT)
    # The sandbox of `sms` signs nothing, so a text that looks like its push is taken; nobody else's door opens.
    assert answer.accepted == (key == "sms" and body.startswith(b"[{") and b"phone_number" in body)


@pytest.mark.parametrize("key", able("parse"))
@pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_parsed_or_refused(key: str, body: bytes) -> None:
    _parse_or_refuse(key, asked(body, key))


@pytest.mark.parametrize("key", able("parse"))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY_JSON)
def test_any_json_is_parsed_or_refused(key: str, body: object) -> None:
    _parse_or_refuse(key, asked(json.dumps(body).encode(), key))


@pytest.mark.parametrize("key", able("publish"))
def test_publish_is_deterministic(key: str) -> None:
    made = list(HOST.call(key, "publish", PLACEMENT, [CODE], sandboxed(key)))
    assert made
    assert made == list(HOST.call(key, "publish", PLACEMENT, [CODE], sandboxed(key)))


@pytest.mark.parametrize("key", able("landing"))
def test_landing_speaks_both_languages(key: str) -> None:
    page = HOST.call(key, "landing", PLACEMENT, CODE, sandboxed(key), timeout=PATIENT)
    texts = [page.title, page.button, page.done, *page.texts, *page.refusals.values(), *(f.label for f in page.fields)]
    assert all(text.zh and text.en for text in texts)
    assert {"used", "unknown", "mistyped", "closed"} <= set(page.refusals)


@pytest.mark.parametrize("key", able("deliver"))
def test_every_message_has_one_outcome(key: str) -> None:
    outcomes = HOST.call(key, "deliver", MESSAGES, sandboxed(key))
    assert [outcome.key for outcome in outcomes] == [message.key for message in MESSAGES]
    assert outcomes == HOST.call(key, "deliver", MESSAGES, sandboxed(key))
    assert "said nothing" not in str(outcomes)


@pytest.mark.parametrize("key", able("preview"))
def test_preview_never_raises(key: str) -> None:
    for message in MESSAGES[:3]:
        assert HOST.call(key, "preview", message, sandboxed(key), timeout=PATIENT).text
        bare = message.model_copy(update={"text": "${nothing} https://evil.example", "variables": {}})
        assert HOST.call(key, "preview", bare, sandboxed(key), timeout=PATIENT).problems


def _parse_or_refuse(key: str, request: Request) -> None:
    try:
        HOST.call(key, "parse", request, sandboxed(key))
    except PluginFault:
        raise
    except ChannelFailure as failure:
        assert failure.kind == "refused"
