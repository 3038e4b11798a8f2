"""Callbacks of every provider, through the whole house: in order, doubled and shuffled, or a month late: all equal."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from pydantic import JsonValue

from core import clock
from core.campaigns import service
from core.channels.models import Channel
from core.channels.service import change_channel, channel_by_number, issue_hook
from core.consent.service import grant, is_suppressed, may_send
from core.contacts.models import Contact
from core.db import Database, reading, writing
from core.deliveries.models import Delivery
from core.jobs.runner import run_pending
from core.plugin_host import host
from core.segments.filters import Everybody
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from plugins.sms.plugin import SmsChannel
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.contacts import make_contact, phone
from tests.factories.tenants import make_tenant
from tests.plugins.sms.stands import AliyunStand, Callback, GatewayStand, Stand, TencentStand, TwilioStand, serving

NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
MONTH = timedelta(days=30)
PHONES = [f"1390000000{n}" for n in range(1, 6)]
MAKERS: dict[str, Callable[[], Stand]] = {
    "aliyun": AliyunStand,
    "tencent": TencentStand,
    "twilio": TwilioStand,
    "gateway": GatewayStand,
}
Open = Callable[[Stand], AbstractContextManager[SmsChannel]]


@dataclass
class Brand:
    """A tenant whose campaign has just gone out through a vendor."""

    tenant: Tenant
    channel: Channel
    vendor: Stand
    hook: str
    people: dict[int, str]

    @property
    def address(self) -> str:
        return f"https://hooks.example{self.hook}"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.set_to(NOON):
        yield


@pytest.fixture(params=list(MAKERS))
def sent(request: pytest.FixtureRequest, db: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Brand]:
    def make() -> Brand:
        brand = open_brand(MAKERS[request.param]())
        with serving(brand.vendor) as sms:
            monkeypatch.setattr(cast("SmsChannel", host().channels["sms"]), "_open_http", sms._open_http)
            send_campaign(brand)
        return brand

    return make


def open_brand(vendor: Stand) -> Brand:
    tenant = make_tenant(name="Brand")
    form: dict[str, JsonValue] = vendor.form()
    channel = make_channel(tenant, "Texts", plugin="sms", settings=form)
    with writing(tenant.number) as session:
        row = channel_by_number(session, channel.number)
        hook = f"/hooks/{issue_hook(session, row)}"
        change_channel(session, row, name="Texts", settings=vendor.form(hook=f"https://hooks.example{hook}"))
        people = {make_contact(session, phone(number), at=NOON): number for number in PHONES}
        for number in people:
            grant(session, number, medium="sms", source="test")
    return Brand(tenant, channel, vendor, hook, people)


def send_campaign(brand: Brand) -> None:
    with writing(brand.tenant.number) as session:
        draft = service.Draft(name="Spring", message="", audience=Everybody(), target_url="https://tea.example/")
        campaign = service.create_campaign(session, channel_by_number(session, brand.channel.number), draft)
        service.start(session, campaign)
    run_pending()


def post(app: OpenAPI, brand: Brand, callbacks: list[Callback]) -> None:
    client = RoleClient(app, brand.tenant)
    for one in callbacks:
        path = f"{brand.hook}?{one.query}" if one.query else brand.hook
        response = client.post(path, data=one.body, headers=one.headers)
        assert 200 <= response.status_code < 300
    run_pending()


def outcome(brand: Brand) -> dict[str, object]:
    """All that callbacks may have changed, in terms that two brands have in common."""
    with reading(brand.tenant.number) as session:
        rows = session.execute(sa.select(Delivery.contact_number, Delivery.state, Delivery.reason)).all()
        touches = session.execute(sa.select(Touchpoint.contact_number, Touchpoint.kind)).all()
        verdicts = may_send(session, list(brand.people), purpose="marketing", medium="sms")
        return {
            "deliveries": sorted((brand.people[number], state, reason) for number, state, reason in rows),
            "touches": sorted((brand.people[number], kind) for number, kind in touches),
            "allowed": sorted(brand.people[number] for number, verdict in verdicts.items() if verdict.allowed),
            "suppressed": [number for number in PHONES if is_suppressed(session, "phone", number)],
            "contacts": session.scalar(sa.select(sa.func.count()).select_from(Contact)),
        }


def test_callbacks_settle_what_was_sent(app: OpenAPI, sent: Callable[[], Brand]) -> None:
    brand = sent()
    post(app, brand, brand.vendor.callbacks(hook=brand.address))
    told = outcome(brand)
    states = [(number, state) for number, state, _ in cast("list[tuple[str, str, str]]", told["deliveries"])]
    assert states == [(n, "failed" if n.endswith("3") else "delivered") for n in PHONES]
    assert told["suppressed"] == [PHONES[0]]
    assert told["allowed"] == PHONES[1:]
    assert (PHONES[1], "reply") in cast("list[tuple[str, str]]", told["touches"])
    assert told["contacts"] == len(PHONES)


def test_callbacks_end_equal_however_they_come(app: OpenAPI, sent: Callable[[], Brand]) -> None:
    prompt, messy, late = sent(), sent(), sent()
    post(app, prompt, prompt.vendor.callbacks(hook=prompt.address))
    callbacks = messy.vendor.callbacks(hook=messy.address) * 3
    for seed in range(2):
        random.Random(seed).shuffle(callbacks)
        post(app, messy, callbacks)
    with clock.set_to(NOON + MONTH):
        post(app, late, list(reversed(late.vendor.callbacks(hook=late.address))))
    assert outcome(messy) == outcome(prompt)
    assert outcome(late) == outcome(prompt)


def test_callbacks_about_others_move_nothing(app: OpenAPI, sent: Callable[[], Brand]) -> None:
    brand = sent()
    strangers = [
        replace(one, id=f"other-{one.id}", callback=one.callback.replace("key=", "key=other-"))
        for one in brand.vendor.sent
    ]
    brand.vendor.sent[:] = [replace(one, key=f"other-{one.key}") for one in strangers]
    before = outcome(brand)["deliveries"]
    post(app, brand, brand.vendor.callbacks(hook=brand.address))
    assert outcome(brand)["deliveries"] == before


def test_unsigned_push_brings_no_strangers(app: OpenAPI, db: Database) -> None:
    brand = open_brand(AliyunStand())
    body = (
        b'[{"phone_number":"13800000009","content":"hello","send_time":"2026-11-21 12:00:00","sequence_id":1},'
        b'{"phone_number":"13800000008","content":"R","send_time":"2026-11-21 12:00:00","sequence_id":2},'
        b'{"phone_number":"13900000001","content":"hello","send_time":"2026-11-21 12:00:00","sequence_id":3}]'
    )
    post(app, brand, [Callback(body, {"content-type": "application/json"})])
    told = outcome(brand)
    assert (told["contacts"], told["touches"]) == (len(PHONES), [])
    with reading(brand.tenant.number) as session:
        assert is_suppressed(session, "phone", "13800000008")
        assert not is_suppressed(session, "phone", "13800000009")
