"""Every value survives JSON, cannot be changed, and does not repeat what was typed in its errors."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from core import sdk
from core.sdk import Event, Failure, IdentityClaim, Outcome, Text, failed

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PHONE = IdentityClaim(kind="phone", value="+8613900000001")
TITLE = Text(zh="标题", en="Title")
SAMPLES: list[BaseModel] = [
    sdk.Touch(event_id="e1", at=AT, who=(PHONE,), kind="redeem", detail={"n": 1, "x": 1.5, "ok": True, "t": "文"}),
    sdk.OrderSeen(event_id="e2", at=AT, order_no="37000000000000000001", amount=Decimal("99.10"), currency="CNY"),
    sdk.IdentitySeen(event_id="e3", at=AT, who=(PHONE,), traits={"city": "杭州"}),
    sdk.Lead(event_id="e4", at=AT, fields={"姓名": "甲"}),
    sdk.Receipt(event_id="e5", at=AT, state="delivered", provider_id="b^0", parts=2),
    sdk.Reply(event_id="e6", at=AT, medium="sms", text="R"),
    sdk.OptOut(event_id="e7", at=AT, medium="sms", word="R"),
    sdk.ConsentGiven(event_id="e8", at=AT, medium="sms", wording="同意"),
    sdk.Request(id="r", received_at=AT, body=b"\x00\xff", headers={"host": "a"}, query=(("a", "b"),)),
    sdk.Answer(accepted=True, reply={"code": 0}),
    sdk.Message(key="m", to=PHONE, text="你好${name}", variables={"name": "甲"}),
    Outcome(key="m", state="accepted", provider_id="b", parts=1),
    failed("m", Failure(kind="throttled", retry_after=3.5)),
    sdk.Artifact(name="a.pdf", media_type="application/pdf", body=b"%PDF\xff", title=TITLE),
    sdk.Landing(title=TITLE, button=TITLE, done=TITLE, refusals={"used": TITLE}),
]


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_value_survives_json_unchanged(value: BaseModel) -> None:
    assert type(value).model_validate_json(value.model_dump_json()) == value


def test_events_are_told_apart() -> None:
    events: TypeAdapter[list[Any]] = TypeAdapter(list[Event])
    told = [value for value in SAMPLES if hasattr(value, "event_id")]
    assert events.validate_json(events.dump_json(told)) == told


def test_values_cannot_be_assigned() -> None:
    with pytest.raises(ValidationError):
        setattr(PHONE, "value", "+8613900000002")  # noqa: B010 - mypy knows already that it is read-only


def test_errors_do_not_repeat_input() -> None:
    with pytest.raises(ValidationError) as caught:
        IdentityClaim.model_validate({"kind": "phone", "value": "13900000001\x00"})
    assert "13900000001" not in str(caught.value)


@pytest.mark.parametrize("bad", ["", "a\x00b", "\ud800", "x" * 201])
def test_unstorable_keys_are_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        IdentityClaim(kind="phone", value=bad)


def test_instants_are_held_in_utc() -> None:
    told = sdk.OptOut.model_validate({"event_id": "e", "at": "2026-11-21T10:00:00+08:00", "medium": "sms"})
    assert told.at == AT
    assert told.at.utcoffset() == AT.utcoffset()


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValidationError):
        sdk.OptOut.model_validate({"event_id": "e", "at": "2026-11-21T10:00:00", "medium": "sms"})


@pytest.mark.parametrize(
    "change",
    [
        {"state": "failed"},
        {"state": "failed", "failure": Failure(kind="unknown")},
        {"state": "accepted", "failure": Failure(kind="unknown")},
        {"state": "unknown", "failure": Failure(kind="refused")},
    ],
)
def test_outcomes_must_not_contradict_themselves(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Outcome(key="m", **change)


@pytest.mark.parametrize(
    ("wanted", "fits"), [("1.0", True), ("1.0.9", True), ("1.1", False), ("2.0", False), ("x.0", False), ("1", False)]
)
def test_sdk_versions_are_compared(wanted: str, fits: bool) -> None:
    assert sdk.version.accepts_sdk(wanted, offered="1.0.0") is fits
