"""Whatever a verb does, the caller gets one of the five failures, or one outcome a message."""

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.plugin_host import Host, PluginFault
from core.sdk import BadSettings, IdentityClaim, Message, Placement, Request, SourceFile, Throttled
from tests.factories.plugins import write_plugin

REQUEST = Request(id="r1", received_at=datetime(2026, 11, 21, tzinfo=UTC))
MESSAGES = [Message(key=f"m{n}", to=IdentityClaim(kind="phone", value=f"+861390000000{n}")) for n in range(3)]
ARGUMENTS = {"deliver": "messages", "read_file": "file", "publish": "placement, codes"}
Make = Callable[[str, str], Host]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    def make_host(verb: str, body: str) -> Host:
        arguments = ARGUMENTS.get(verb, "request")
        code = f"def {verb}(self, {arguments}, settings):\n    {body}\n"
        found = write_plugin(tmp_path, monkeypatch, verbs=code, capabilities=[verb], medium="sms")
        host = Host.load([found])
        assert not host.problems
        return host

    return make_host


@pytest.fixture
def release(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    event = threading.Event()
    monkeypatch.setitem(sys.modules, "release", event)  # the plugin waits on it
    yield event
    event.set()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("raise ValueError('13900000001 is secret')", "raised ValueError"),
        ("sys.exit(1)", "raised SystemExit"),
        ("return 7", "answered garbage: int"),
        ("return None", "answered garbage: NoneType"),
        ("return sdk.Answer.model_construct(accepted='maybe', status='many')", "answered garbage: Answer"),
        ("return sdk.Answer.model_construct(accepted=True, status=900)", "answered garbage: Answer"),
        ("return self.answer(request, settings)", "raised RecursionError"),
        ("return object()", "answered garbage: object"),
    ],
)
def test_broken_answer_is_a_fault(make: Make, body: str, what: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PluginFault, match=f"plugin shop: answer {what}"):
        make("answer", body).call("shop", "answer", REQUEST, {}, timeout=20)
    assert "plugin shop" in caplog.text
    assert "13900000001" not in caplog.text


def test_failure_of_five_passes_through(make: Make) -> None:
    host = make("parse", "raise sdk.Throttled('slow down', retry_after=7)")
    with pytest.raises(Throttled) as caught:
        host.call("shop", "parse", REQUEST, {})
    assert caught.value.retry_after == 7


def test_hanging_calls_close_the_plugin(make: Make, release: threading.Event) -> None:
    host = make("answer", "sys.modules['release'].wait(30)")
    for _ in range(8):
        with pytest.raises(PluginFault, match="stuck at"):
            host.call("shop", "answer", REQUEST, {}, timeout=0.01)
    with pytest.raises(PluginFault, match="not called again"):
        host.call("shop", "answer", REQUEST, {}, timeout=0.01)


def test_settings_are_checked_before_the_verb(make: Make) -> None:
    with pytest.raises(BadSettings, match="greeting"):
        make("parse", "return []").call("shop", "parse", REQUEST, {"greeting": 5})


def test_missing_plugin_and_verb_are_told(make: Make) -> None:
    host = make("parse", "return []")
    with pytest.raises(PluginFault, match="no verb answer"):
        host.call("shop", "answer", REQUEST, {})
    with pytest.raises(PluginFault, match="is not loaded"):
        host.call("gone", "parse", REQUEST, {})


def outcomes(host: Host, *, timeout: float | None = None) -> list[tuple[str, str, str]]:
    given = host.call("shop", "deliver", MESSAGES, {}, timeout=timeout)
    return [(o.key, o.state, o.failure.kind if o.failure else "") for o in given]


ACCEPT = "yield sdk.Outcome(key=messages[0].key, state='accepted')"


@pytest.mark.parametrize(
    ("rest", "state", "kind"),
    [
        ("raise ValueError()", "unknown", "unknown"),
        ("sys.exit()", "unknown", "unknown"),
        ("pass", "unknown", "unknown"),
        ("yield 'garbage'", "unknown", "unknown"),
        ("yield sdk.Outcome(key='stranger', state='accepted')", "unknown", "unknown"),
        ("raise sdk.Unreachable('down')", "failed", "unreachable"),
        ("raise sdk.BadSettings('key')", "failed", "bad_settings"),
        ("sys.modules['release'].wait(30)", "unknown", "unknown"),
    ],
)
def test_said_outcomes_survive_the_break(
    make: Make, release: threading.Event, rest: str, state: str, kind: str
) -> None:
    host = make("deliver", f"{ACCEPT}\n    {rest}")
    assert outcomes(host, timeout=1.5) == [("m0", "accepted", ""), ("m1", state, kind), ("m2", state, kind)]


def test_first_outcome_of_a_message_counts(make: Make) -> None:
    host = make("deliver", f"{ACCEPT}\n    yield sdk.Outcome(key=messages[0].key, state='delivered')")
    assert outcomes(host)[0] == ("m0", "accepted", "")


def test_nothing_left_when_verb_is_missing(make: Make) -> None:
    host = make("parse", "return []")
    assert {(state, kind) for _, state, kind in outcomes(host)} == {("failed", "bad_settings")}


def test_stream_is_read_in_batches(make: Make) -> None:
    body = (
        "for n in range(2500):\n        yield sdk.OptOut(event_id=f'e{n}', at=sdk.now(), medium='sms')\n"
        "    raise sdk.Refused('line 2501')"
    )
    file = SourceFile(name="f.csv", path=Path("f.csv"))
    stream: Iterator[Any] = make("read_file", body).call("shop", "read_file", file, {})
    assert [next(stream).event_id for _ in range(2000)][-1] == "e1999"


def test_artifacts_come_one_by_one(make: Make) -> None:
    body = (
        "yield sdk.Artifact(name='a', media_type='x', body=b'\\x00\\xff', title=sdk.Text(zh='一', en='one'))\n"
        "    raise KeyError"
    )
    stream = make("publish", body).call("shop", "publish", Placement(id="p", name="p"), [], {})
    assert next(stream).body == b"\x00\xff"
    with pytest.raises(PluginFault, match="KeyError"):
        next(stream)
