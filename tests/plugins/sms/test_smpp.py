"""SMPP 3.4: octets as the specification lays them out, doubts never sent again, and nothing from a phone lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.sdk import BadSettings, Event, OptOut, Outcome, Receipt, Reply, Unreachable
from core.simulator.stage import Simulator
from core.simulator.vendors.smsc import MessageCentre
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from plugins.sms.smpp import provider
from plugins.sms.smpp.alphabets import DEFAULT, UCS2, cut_head, head_of, read_text, write_text
from plugins.sms.smpp.codes import failure_of
from plugins.sms.smpp.pdu import Delivered, read_delivered
from plugins.sms.smpp.receipts import read_receipt
from tests.factories.sms import make_message
from tests.simulators import simulator as simulator

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
SMS = SmsChannel()
RECEIPT = "id:0489708364 sub:001 dlvrd:001 submit date:1810151907 done date:1810151907 stat:DELIVRD err:000 text:"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(provider, "READ_SECONDS", 0.1)
    with clock.set_to(NOON):
        yield


@pytest.fixture
def centre(simulator: Simulator) -> MessageCentre:
    found = simulator.vendors["smsc"]
    assert isinstance(found, MessageCentre)
    return found


def settings_of(**changes: Any) -> SmsSettings:
    account = {"kind": "smpp", "has_tls": False, **MessageCentre.account, **changes}
    return SmsSettings.model_validate({"signature": "思域好物", "provider": account})


def send(count: int = 1, text: str = "新品到店 拒收请回复R", **changes: Any) -> list[Outcome]:
    return list(
        SMS.deliver([make_message(number, text=text) for number in range(1, count + 1)], settings_of(**changes))
    )


def hear(cursor: str | None = None) -> tuple[list[Event], str | None]:
    told = SMS.pull(cursor, settings_of())
    return list(told.events), told.cursor


def receipt(text: str = RECEIPT, tlvs: dict[int, bytes] | None = None) -> Delivered:
    return Delivered("8613912345678", "10690001", 4, 0, text.encode(), tlvs or {})


def test_receipt_gives_every_writing_of_its_id() -> None:
    told = read_receipt(receipt(tlvs={0x001E: b"1d305b4c\0", 0x0427: b"\2"}))
    assert told.ids[:2] == ("1d305b4c", "489708364")
    assert (told.stat, told.error, told.state) == ("DELIVRD", "000", "delivered")
    assert told.at == datetime(2018, 10, 15, 19, 7, tzinfo=UTC)


def test_decimal_id_alone_finds_its_hex() -> None:
    assert read_receipt(receipt()).ids == ("489708364", "1d305b4c")


@pytest.mark.parametrize(
    ("stat", "state"),
    [
        ("DELIVRD", "delivered"),
        ("EXPIRED", "failed"),
        ("DELETED", "failed"),
        ("UNDELIV", "failed"),
        ("REJECTD", "failed"),
        ("ACCEPTD", "accepted"),
        ("UNKNOWN", "accepted"),
        ("SOMEHOW", None),
    ],
)
def test_states_are_final_or_not(stat: str, state: str | None) -> None:
    assert read_receipt(receipt(f"ID:7 Stat:{stat} Err:012 Done Date:261121040000 Text:x")).state == state


@pytest.mark.parametrize(
    ("text", "coding", "sizes"),
    [
        ("x" * 160, DEFAULT, [160]),
        ("x" * 161, DEFAULT, [153, 8]),
        ("x" * 152 + "€" + "x" * 10, DEFAULT, [152, 12]),
        ("好" * 70, UCS2, [140]),
        ("好" * 71, UCS2, [134, 8]),
        ("好" * 66 + "😀" + "好" * 5, UCS2, [132, 14]),
    ],
)
def test_texts_are_cut_between_characters(text: str, coding: int, sizes: list[int]) -> None:
    written = write_text(text)
    assert (written.data_coding, [len(part) for part in written.parts]) == (coding, sizes)
    assert read_text(written.whole, coding) == text


def test_head_of_a_part_is_read_back() -> None:
    assert cut_head(head_of(0x1AB, 3, 2) + b"rest") == ((0xAB, 3, 2), b"rest")
    assert cut_head(b"\x06\x08\x04\x01\xab\x03\x02rest") == ((0x1AB, 3, 2), b"rest")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (0x58, "throttled"),
        (0x14, "throttled"),
        (0x08, "throttled"),
        (0x64, "throttled"),
        (0x0B, "refused"),
        (0x65, "refused"),
        (0x66, "refused"),
        (0x0A, "bad_settings"),
        (0x0E, "bad_settings"),
        (0x7FF, "bad_settings"),
    ],
)
def test_statuses_mean_our_failures(status: int, kind: str) -> None:
    assert failure_of(status).kind == kind


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\1\1" + b"1" * 40, b"\xff" * 60])
def test_senseless_delivery_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match="PDU"):
        read_delivered(body)


@pytest.mark.parametrize("way", ["parts", "payload"])
@pytest.mark.parametrize("length", [20, 300])
def test_texts_arrive_whole(centre: MessageCentre, way: str, length: int) -> None:
    text = "新" * length + " 拒收请回复R"
    outcomes = send(25, text, long_texts=way, window=4)
    assert {outcome.state for outcome in outcomes} == {"accepted"}
    assert len({outcome.provider_id for outcome in outcomes}) == 25
    assert {one.text for one in centre.sent} == {f"【思域好物】{text}"}
    assert centre.binds == ["transmitter"]


def test_receipts_match_what_was_sent(centre: MessageCentre) -> None:
    (outcome,) = send()
    events, _ = hear()
    receipts = [one for one in events if isinstance(one, Receipt)]
    assert outcome.provider_id in [one.provider_id for one in receipts]
    assert {one.state for one in receipts} == {"delivered"}
    assert hear() == ([], "{}")


def test_reply_is_acknowledged_once_it_is_stored(simulator: Simulator, centre: MessageCentre) -> None:
    simulator.tell("smsc", "reply", {"phone": "+8613912345678", "text": "R"})
    first, cursor = hear()
    assert [type(one) for one in first] == [Reply, OptOut]
    lost, _ = hear()  # the host could not store the first turn: its cursor is the old one
    assert [type(one) for one in lost] == [Reply, OptOut]
    again, cursor = hear(cursor)
    assert (again, cursor) == ([], "{}")
    assert hear(cursor) == ([], "{}")
    assert (centre.pending, centre.again) == ([], [])


def test_same_word_later_is_another_reply(simulator: Simulator) -> None:
    seen: set[str] = set()
    cursor: str | None = None
    for later in range(2):
        simulator.tell("smsc", "reply", {"phone": "+8613912345678", "text": "好的"})
        with clock.set_to(NOON + timedelta(minutes=later)):
            told, cursor = hear(cursor)
            seen |= {one.event_id for one in told}
            assert hear(cursor) == ([], "{}")
        cursor = "{}"
    assert len(seen) == 2


def test_silence_is_a_doubt_that_ends_the_call(centre: MessageCentre) -> None:
    centre.settings["answer_with"] = "silent"
    kinds = [outcome.failure.kind for outcome in send(5, window=2) if outcome.failure]
    assert kinds == ["unknown", "unknown", "unreachable", "unreachable", "unreachable"]
    assert len(centre.sent) == 2


def test_throttling_puts_the_rest_off(centre: MessageCentre) -> None:
    centre.settings["answer_with"] = "58"
    kinds = [outcome.failure.kind for outcome in send(5, window=2) if outcome.failure]
    assert kinds == ["throttled"] * 5


def test_refused_number_concerns_nobody_else(centre: MessageCentre) -> None:
    centre.settings["answer_with"] = "0b"
    assert [outcome.failure.kind for outcome in send(3) if outcome.failure] == ["refused"] * 3


def test_wrong_password_asks_a_human(centre: MessageCentre) -> None:
    with pytest.raises(BadSettings, match="password"):
        SMS.check(settings_of(password="other"))
    assert [remark.en for remark in SMS.check(settings_of())] == [provider.IN_CLEAR.en]


def test_nobody_there_is_unreachable(simulator: Simulator) -> None:
    with pytest.raises(Unreachable):
        SMS.check(settings_of(host="elsewhere.example.com"))


def test_transceiver_leaves_receipts_for_later(centre: MessageCentre) -> None:
    (outcome,) = send(bind="transceiver")
    assert outcome.state == "accepted"
    assert centre.binds == ["transceiver"]
    assert any(isinstance(one, Receipt) for one in hear()[0])


def test_other_providers_have_nothing_to_pull() -> None:
    told = SMS.pull("kept", SmsSettings(signature="思域好物"))
    assert (told.events, told.cursor) == ((), "kept")


def test_broken_cursor_begins_anew(simulator: Simulator) -> None:
    assert hear(json.dumps([1]))[1] == "{}"
