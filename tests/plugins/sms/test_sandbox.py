"""The sandbox behaves like a vendor: some refused, some late, some lost, some answering R."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.sdk import BadSettings, Event, Message, OptOut, Outcome, Receipt, Reply, Sought
from plugins.sms.plugin import SmsChannel
from tests.factories.sms import make_message, make_sandbox

SMS = SmsChannel()
SETTINGS = make_sandbox()
SENT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def deliver(number: int, **changes: Any) -> Outcome:
    (outcome,) = SMS.deliver([make_message(number, **changes)], SETTINGS)
    return outcome


def heard(number: int, after: timedelta) -> list[Event]:
    message: Message = make_message(number)
    with clock.set_to(SENT + after):
        return SMS.lookup([Sought(key=message.key, to=message.to, sent_at=SENT)], SETTINGS)


@pytest.mark.parametrize(
    ("ending", "state"), [(0, "failed"), (1, "unknown"), (2, "unknown"), (3, "accepted"), (50, "accepted")]
)
def test_number_decides_the_outcome(ending: int, state: str) -> None:
    assert deliver(100 + ending).state == state
    assert deliver(100 + ending) == deliver(100 + ending)


def test_text_rules_hold_here_too() -> None:
    with pytest.raises(BadSettings, match="must end with"):
        deliver(50, text="没有退订语")
    refused = deliver(50, variables={"code": "https://evil.example"})
    assert refused.failure is not None
    assert refused.failure.kind == "refused"


def test_receipts_come_later() -> None:
    assert heard(150, timedelta(seconds=1)) == []
    (receipt,) = heard(150, timedelta(minutes=2))
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.key) == ("delivered", "m150")
    assert SENT < receipt.at <= SENT + timedelta(minutes=2)
    assert heard(150, timedelta(days=2)) == [receipt]


@pytest.mark.parametrize(("ending", "state"), [(1, "delivered"), (2, "absent"), (3, "failed"), (7, None), (0, None)])
def test_number_decides_the_receipt(ending: int, state: str | None) -> None:
    states = [event.state for event in heard(100 + ending, timedelta(days=1)) if isinstance(event, Receipt)]
    assert states == ([state] if state else [])


def test_some_receipts_are_very_late() -> None:
    assert heard(109, timedelta(hours=2)) == []
    assert len(heard(109, timedelta(hours=4))) == 1


@pytest.mark.parametrize(
    ("ending", "said", "opts_out"), [(10, "R", True), (12, "td。", True), (13, "谢谢，什么时候到货？", False)]
)
def test_some_people_write_back(ending: int, said: str, opts_out: bool) -> None:
    assert heard(100 + ending, timedelta(minutes=10)) == []
    events = heard(100 + ending, timedelta(hours=2))
    assert isinstance(events[0], Receipt)
    assert [event.text for event in events if isinstance(event, Reply)] == [said]
    assert any(isinstance(event, OptOut) for event in events) is opts_out


def test_preview_shows_the_whole_text() -> None:
    preview = SMS.preview(make_message(50), SETTINGS)
    assert preview.text == "【思域好物】新品到店，点 https://go.example.com/t/Ab12Cd34000050 查看 拒收请回复R"
    assert preview.parts == 1
    assert not preview.problems


def test_preview_tells_what_is_wrong() -> None:
    preview = SMS.preview(make_message(50, text="你好${name}", variables={}), SETTINGS)
    assert [problem.en for problem in preview.problems] == [
        "A marketing text must end with “拒收请回复R”.",
        "The variable name is missing.",
    ]


def test_check_reminds_of_the_sandbox() -> None:
    assert "沙箱" in SMS.check(SETTINGS)[0].zh
