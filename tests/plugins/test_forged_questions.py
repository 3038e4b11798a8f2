"""Simulated vendors believe what our channels ask, and nothing in which one byte is another."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import clock
from core.sdk import ChannelSettings, IdentityClaim, JoinAsked, Payout, Placement
from core.simulator.stage import Simulator
from core.simulator.vendors.wecom import PICTURES
from core.simulator.wire import Asked, Reply
from plugins.livestream.plugin import LiveChannel
from plugins.livestream.settings import LiveSettings
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from plugins.package_card.plugin import PackageCard
from plugins.package_card.settings import CardSettings
from plugins.short_video.plugin import ShortVideo
from plugins.short_video.settings import VideoSettings
from plugins.sms.plugin import SmsChannel
from plugins.sms.settings import SmsSettings
from tests.factories.sms import make_message
from tests.plugins.sms.stands import STANDS

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
LISTS = (
    "ocean_advertisers",
    "ocean_local_accounts",
    "ocean_accounts",
    "meta_form_ids",
    "wecom_staff",
    "wecom_chats",
    "wechat_lead_components",
)


def form_of(model: type[ChannelSettings], account: Mapping[str, str]) -> dict[str, Any]:
    known = {name: value for name, value in account.items() if name in model.model_fields}
    return {name: [value] if name in LISTS else value for name, value in known.items()}


def send_text(simulator: Simulator, key: str) -> None:
    stand = STANDS[key]()
    vendor = simulator.vendors["sms_gateway" if key == "gateway" else key]
    vendor.settings["template"] = stand.vendor.settings["template"]
    list(SmsChannel().deliver([make_message(1)], SmsSettings.model_validate(stand.form())))


def pay(simulator: Simulator, key: str) -> None:
    account = simulator.vendors[key].account
    to = IdentityClaim(kind="openid", value="o1", app=account["pay_app_id"])
    payout = Payout(key="SYBILL1", to=to, amount_minor=188, currency="CNY")
    list(PackageCard().reward([payout], CardSettings.model_validate(form_of(CardSettings, account))))


def make_live_code(simulator: Simulator, key: str) -> None:
    form = form_of(CardSettings, simulator.vendors[key].account) | {"wecom_join": "staff"}
    PackageCard().join_codes([JoinAsked(reference="Ab12Cd34Ef56Gh78")], CardSettings.model_validate(form))


def check_with(channel: Any, model: type[ChannelSettings]) -> Callable[[Simulator, str], None]:
    def check(simulator: Simulator, key: str) -> None:
        channel.check(model.model_validate(form_of(model, simulator.vendors[key].account)))

    return check


def measure(simulator: Simulator, key: str) -> None:
    simulator.tell(key, "watched", {"item_id": "v1", "views": "7"})
    form = form_of(VideoSettings, simulator.vendors[key].account) | {"douyin_client_key": ""}
    video = Placement(
        id="p1", name="V", starts_at=NOON - timedelta(days=1), detail={"platform": "douyin", "item_id": "v1"}
    )
    ShortVideo().measure([video], VideoSettings.model_validate(form))


ASKS: dict[str, Callable[[Simulator, str], None]] = {
    "aliyun": send_text,
    "tencent": send_text,
    "twilio": send_text,
    "gateway": send_text,
    "wechat_pay": pay,
    "wecom": make_live_code,
    "wechat_shop": check_with(LiveChannel(), LiveSettings),
    "douyin_videos": measure,
    "oceanengine": check_with(ShortVideo(), VideoSettings),
    "meta": check_with(ShortVideo(), VideoSettings),
    "shopify": check_with(StoreChannel(), StoreSettings),
    "woocommerce": check_with(StoreChannel(), StoreSettings),
}
SIGNED = {"aliyun", "tencent", "wechat_pay"}
"""These sign what they are asked; the others know who asks by a secret."""
SECRETS = ("authorization", "access-token", "x-shopify-access-token", "x-signature", "signature", "webhook-signature")


@pytest.fixture
def asked(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Asked]]:
    """All that is asked, as it arrived."""
    seen: list[Asked] = []

    def take(one: Asked) -> Reply:
        seen.append(one)
        return Simulator.take(simulator, one)

    monkeypatch.setattr(simulator, "take", take)
    with clock.set_to(NOON):
        yield seen


def other_byte(text: str, at: int) -> str:
    return text[:at] + ("1" if text[at] != "1" else "2") + text[at + 1 :]


def spoiled(one: Asked, *, is_signed: bool) -> Iterator[tuple[str, Asked]]:
    """The same request with one byte changed: in what proves who asks, and in all that is signed."""
    for name in SECRETS:
        if value := one.headers.get(name):
            yield name, replace(one, headers={**one.headers, name: other_byte(value, len(value) - 5)})
    for part in ("corpsecret=", "access_token="):
        if part in one.target:
            yield part, replace(one, target=other_byte(one.target, one.target.index(part) + len(part) + 2))
    if found := re.search(rb'"secret": ?"..', one.body):
        yield "secret", replace(one, body=other_byte(one.body.decode(), found.end() - 1).encode())
    if is_signed and one.body:
        yield "body", replace(one, body=one.body[:-3] + bytes([one.body[-3] ^ 1]) + one.body[-2:])
    if is_signed and "?" in one.target:
        yield "query", replace(one, target=other_byte(one.target, len(one.target) - 1))


@pytest.mark.parametrize("key", sorted(ASKS))
def test_one_other_byte_is_forged(simulator: Simulator, asked: list[Asked], key: str) -> None:
    ASKS[key](simulator, key)
    vendor = simulator.vendors["sms_gateway" if key == "gateway" else key]
    believed = [one.state for one in simulator.conversation.entries(vendor=vendor.key) if one.kind == "call"]
    assert set(believed) == {"genuine"}
    refusal = vendor.refuse(vendor.troubles["forged"]).body
    for genuine in [one for one in asked if one.host != PICTURES]:
        changes = dict(spoiled(genuine, is_signed=key in SIGNED))
        assert changes, genuine
        assert key not in SIGNED or changes.keys() & {"body", "query"}
        for name, one in changes.items():
            assert simulator.take(one).body == refusal, name
            assert simulator.conversation.entries()[-1].state == "forged", name
