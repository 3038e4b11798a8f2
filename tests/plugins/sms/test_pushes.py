"""Receipts and replies are taken with the vendor's own words and become events once."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.sdk import Event, OptOut, Receipt, Refused, Reply, Request
from plugins.sms.plugin import SmsChannel
from tests.factories.sms import make_sandbox

SMS = SmsChannel()
SETTINGS = make_sandbox()
REPORT: dict[str, Any] = {
    "phone_number": "13900000001",
    "send_time": "2026-11-21 10:00:00",
    "report_time": "2026-11-21 10:00:05",
    "success": True,
    "err_code": "DELIVERED",
    "err_msg": "用户接收成功",
    "sms_size": "2",
    "biz_id": "900000000000000001^0",
    "out_id": "campaign-1",
}
UPLINK: dict[str, Any] = {
    "phone_number": "13900000001",
    "content": "R",
    "send_time": "2026-11-21 10:03:00",
    "dest_code": "1234",
    "sequence_id": "881",
}


def pushed(body: object) -> Request:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(id="r1", received_at=datetime(2026, 11, 21, 3, tzinfo=UTC), body=raw)


def parse(*items: object) -> list[Event]:
    return SMS.parse(pushed(list(items)), SETTINGS)


def test_push_is_taken_in_the_vendors_words() -> None:
    answer = SMS.answer(pushed([REPORT]), SETTINGS)
    assert answer.accepted
    assert answer.reply == {"code": 0, "msg": "接收成功"}
    assert answer.dedup_key == SMS.answer(pushed([REPORT]), SETTINGS).dedup_key


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"[1]", b"\xff", b"[" * 100_000, b"null", b"[NaN]"])
def test_garbage_is_answered_not_raised(body: bytes) -> None:
    answer = SMS.answer(pushed(body), SETTINGS)
    assert (answer.accepted, answer.status) == (False, 400)


def test_report_is_a_receipt() -> None:
    (receipt,) = parse(REPORT)
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.provider_id, receipt.parts) == ("delivered", "900000000000000001^0", 2)
    assert receipt.at == datetime(2026, 11, 21, 2, 0, 5, tzinfo=UTC)
    assert receipt.who[0].value == "+8613900000001"
    assert "13900000001" not in receipt.event_id


def test_failed_report_carries_the_carriers_code() -> None:
    (receipt,) = parse(REPORT | {"success": False, "err_code": "MK:0001", "err_msg": "空号"})
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.code, receipt.reason) == ("failed", "MK:0001", "空号")


def test_repeated_push_has_the_same_ids() -> None:
    assert parse(REPORT, UPLINK) == parse(REPORT, UPLINK)
    assert parse(REPORT)[0].event_id != parse(REPORT | {"biz_id": "other"})[0].event_id


def test_reply_with_opt_out_is_both() -> None:
    reply, opt_out = parse(UPLINK | {"content": " ｔｄ。"})
    assert isinstance(reply, Reply)
    assert isinstance(opt_out, OptOut)
    assert (reply.extend, opt_out.medium, opt_out.word) == ("1234", "sms", "TD")


def test_other_reply_is_only_a_reply() -> None:
    (reply,) = parse(UPLINK | {"content": "什么时候到货", "sequence_id": 881})
    assert isinstance(reply, Reply)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"phone_number": "13900000001"},
        REPORT | {"phone_number": "no"},
        REPORT | {"success": "yes"},
        REPORT | {"biz_id": ""},
        REPORT | {"err_msg": "\x00"},
        UPLINK | {"phone_number": None},
        UPLINK | {"content": "x" * 30_000},
    ],
)
def test_broken_items_spoil_nobody_else(broken: dict[str, Any]) -> None:
    assert [event.type for event in parse(broken, REPORT)] == ["receipt"]


def test_time_that_cannot_be_read_is_arrival() -> None:
    (receipt,) = parse(REPORT | {"report_time": "99999-99-99"})
    assert receipt.at == datetime(2026, 11, 21, 3, tzinfo=UTC)


def test_garbage_is_refused_in_the_worker() -> None:
    with pytest.raises(Refused):
        SMS.parse(pushed(b"nonsense"), SETTINGS)
