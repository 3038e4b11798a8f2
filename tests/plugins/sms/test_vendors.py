"""Every provider over a real connection: signed as it wants, in its batches, and never twice after a doubt."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.sdk import OptOut, Outcome, Receipt, Reply, Request, Sought
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from tests.factories.sms import make_message
from tests.plugins.sms.stands import (
    AliyunStand,
    Callback,
    GatewayStand,
    Mode,
    Stand,
    TencentStand,
    TwilioStand,
    serving,
)

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
HOOK = "https://hooks.example/hooks/secret"
MAKERS: dict[str, Callable[[], Stand]] = {
    "aliyun": AliyunStand,
    "tencent": TencentStand,
    "twilio": TwilioStand,
    "gateway": GatewayStand,
}
every_vendor = pytest.mark.parametrize("vendor", [make() for make in MAKERS.values()], ids=list(MAKERS), indirect=True)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture
def vendor(request: pytest.FixtureRequest) -> Stand:
    made: Stand = type(request.param)()
    return made


def settings_of(vendor: Stand, **changes: Any) -> SmsSettings:
    return SmsSettings.model_validate(vendor.form(hook=HOOK) | changes)


def send(sms: SmsChannel, settings: SmsSettings, count: int = 4) -> list[Outcome]:
    return list(sms.deliver([make_message(n) for n in range(1, count + 1)], settings))


def kinds(outcomes: list[Outcome]) -> list[str]:
    return [o.failure.kind if o.failure else o.state for o in outcomes]


def pushed(callback: Callback, number: int = 0) -> Request:
    query = tuple(tuple(pair.split("=", 1)) for pair in callback.query.split("&") if pair)
    asked = {"id": f"r{number}", "received_at": clock.now(), "query": query, "headers": callback.headers}
    return Request.model_validate(asked | {"body": callback.body})


@every_vendor
def test_messages_are_taken_in_one_session(vendor: Stand) -> None:
    with serving(vendor) as sms:
        outcomes = send(sms, settings_of(vendor))
    assert kinds(outcomes) == ["accepted"] * 4
    assert [one.phone for one in vendor.sent] == [f"+86139{n:08}" for n in range(1, 5)]
    assert {o.provider_id for o in outcomes} == {one.id for one in vendor.sent}
    assert all("Ab12Cd34" in one.text for one in vendor.sent)
    assert (vendor.sessions, vendor.forged) == (1, 0)


@every_vendor
@pytest.mark.parametrize("mode", ["silent", "broken"])
def test_what_may_have_left_is_never_repeated(vendor: Stand, mode: Mode) -> None:
    vendor.behave(mode)
    with serving(vendor, timeout=1.5 if mode == "silent" else 10) as sms:
        outcomes = send(sms, settings_of(vendor))
    assert vendor.calls == 1
    left = len(vendor.sent)
    assert left > 0
    assert kinds(outcomes) == ["unknown"] * left + ["unreachable"] * (4 - left)


@every_vendor
def test_busy_vendor_gets_everything_later(vendor: Stand) -> None:
    vendor.behave("throttled")
    with serving(vendor) as sms:
        outcomes = send(sms, settings_of(vendor))
        assert kinds(outcomes) == ["throttled"] * 4
        assert (vendor.calls, vendor.sent) == (1, [])
        vendor.behave(None)
        assert kinds(send(sms, settings_of(vendor))) == ["accepted"] * 4


@every_vendor
@pytest.mark.parametrize("trouble", ["empty", "forged"])
def test_account_in_trouble_asks_a_human(vendor: Stand, trouble: str) -> None:
    form = vendor.form(hook=HOOK)
    if trouble == "empty":
        vendor.behave("empty")
    else:
        form = vendor.with_wrong_key(form)
    with serving(vendor) as sms:
        outcomes = send(sms, SmsSettings.model_validate(form))
    assert kinds(outcomes) == ["bad_settings"] + ["unreachable"] * 3
    assert (vendor.calls, vendor.sent, vendor.forged) == (1, [], int(trouble == "forged"))
    assert "0000" not in str([o.failure.message for o in outcomes if o.failure])


@every_vendor
def test_closed_door_is_unreachable(vendor: Stand) -> None:
    with serving(vendor) as sms:
        pass
    assert kinds(send(sms, settings_of(vendor))) == ["unreachable"] * 4


@every_vendor
def test_check_tries_the_account(vendor: Stand) -> None:
    with serving(vendor) as sms:
        remarks = sms.check(settings_of(vendor))
        assert not [remark for remark in remarks if "send one message to yourself" not in remark.en]
        if vendor.calls:  # a described gateway has nothing to try
            with pytest.raises(Exception, match="wrong"):
                sms.check(SmsSettings.model_validate(vendor.with_wrong_key(vendor.form(hook=HOOK))))


@every_vendor
def test_callbacks_are_believed_and_read(vendor: Stand) -> None:
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        send(sms, settings)
    told = [pushed(one, n) for n, one in enumerate(vendor.callbacks(hook=HOOK))]
    assert all(sms.answer(one, settings).accepted for one in told)
    events = [event for one in told for event in sms.parse(one, settings)]
    ends = {e.who[0].value[-1]: e.state for e in events if isinstance(e, Receipt) and e.state != "accepted"}
    assert ends == {"1": "delivered", "2": "delivered", "3": "failed", "4": "delivered"}
    assert {e.text for e in events if isinstance(e, Reply)} == {"R", "什么时候到货"}
    assert [e.who[0].value for e in events if isinstance(e, OptOut)] == ["+8613900000001"]
    again = [event for one in told for event in sms.parse(one, settings)]
    assert again == events


@pytest.mark.parametrize("name", ["twilio", "gateway"])
def test_signed_callbacks_cannot_be_forged(name: str) -> None:
    vendor = MAKERS[name]()
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        send(sms, settings, 1)
    good = pushed(vendor.callbacks(hook=HOOK)[0])
    assert sms.answer(good, settings).accepted
    wrong = [
        good.model_copy(update={"body": good.body.replace(b"13900000001", b"13900000002")}),
        good.model_copy(update={"headers": {}}),
        good.model_copy(update={"body": b""}),
        good.model_copy(update={"query": (("key", "other"),)} if name == "twilio" else {"body": good.body + b" "}),
    ]
    assert [sms.answer(one, settings).accepted for one in wrong] == [False] * 4
    strangers = SmsSettings.model_validate(vendor.with_wrong_key(vendor.form(hook="https://other.example/hooks/x")))
    if name == "twilio":
        assert not sms.answer(good, strangers).accepted


def test_stale_gateway_webhook_is_refused() -> None:
    vendor = GatewayStand()
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        send(sms, settings, 1)
    callback = vendor.callbacks(hook=HOOK)[0]
    with clock.set_to(NOON + timedelta(seconds=301)):
        assert not sms.answer(pushed(callback), settings).accepted


@pytest.mark.parametrize("name", ["aliyun", "tencent", "twilio"])
def test_lookup_says_the_same_as_callbacks(name: str) -> None:
    vendor = MAKERS[name]()
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        outcomes = {o.key: o for o in send(sms, settings)}
        sought = [
            Sought(key=m.key, to=m.to, group=m.group, provider_id=outcomes[m.key].provider_id, sent_at=NOON)
            for m in (make_message(n) for n in range(1, 5))
        ]
        asked = {e.event_id: e for e in sms.lookup(sought, settings) if isinstance(e, Receipt)}
    told = [e for one in vendor.callbacks(hook=HOOK) for e in sms.parse(pushed(one), settings)]
    heard = {e.event_id: e for e in told if isinstance(e, Receipt) and e.state != "accepted"}
    assert asked.keys() == heard.keys()
    assert {name: e.state for name, e in asked.items()} == {name: e.state for name, e in heard.items()}
    assert {e.key for e in asked.values()} == {"m1", "m2", "m3", "m4"}


@pytest.mark.parametrize("name", ["aliyun", "tencent"])
def test_lookup_settles_a_send_in_doubt(name: str) -> None:
    vendor = MAKERS[name]()
    vendor.behave("broken")
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        (outcome,) = send(sms, settings, 1)
        message = make_message(1)
        sought = Sought(key=message.key, to=message.to, group=message.group, sent_at=NOON)
        events = sms.lookup([sought], settings)
    assert outcome.state == "unknown"
    assert [(e.state, e.key) for e in events if isinstance(e, Receipt)] == [("delivered", "m1")]


def test_callback_settles_a_twilio_send_in_doubt() -> None:
    vendor = TwilioStand()
    vendor.behave("broken")
    settings = settings_of(vendor)
    with serving(vendor) as sms:
        assert kinds(send(sms, settings, 1)) == ["unknown"]
    callback = vendor.callbacks(hook=HOOK)[1]
    (receipt,) = sms.parse(pushed(callback), settings)
    assert isinstance(receipt, Receipt)
    assert (receipt.key, receipt.state) == ("m1", "delivered")
