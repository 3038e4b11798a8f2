"""A clerk's page opens by its secret alone, checks people in, shows nobody, and closes when it is taken back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from werkzeug.test import Client, TestResponse

from core import clock
from core.channels.models import Channel
from core.channels.service import channel_by_number
from core.db import reading, writing
from core.ingest.facts import take
from core.placements.models import Placement
from core.sdk import IdentityClaim, OrderSeen
from core.stores.clerks import find_clerk
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.stores import code_of, make_place, make_stores
from tests.factories.tenants import make_tenant
from tests.readers import read_svg_code

PHONE = {"Accept-Language": "zh-CN"}


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_stores(tenant)


@pytest.fixture
def anna(tenant: Tenant, channel: Channel) -> Placement:
    return make_place(tenant, channel, "Anna", place="staff", code="A017", belongs_to="SH01")


@pytest.fixture
def phone(app: OpenAPI) -> Client:
    return Client(app)


def issue(client: RoleClient, clerk: Placement) -> str:
    url = client.post(f"/placements/{clerk.id}/clerk_page").get_json()["url"]
    return str(url).partition("/s/")[2]


def send(browser: Client, secret: str, form: dict[str, str], *, follow: bool = True) -> TestResponse:
    return browser.post(f"/s/{secret}", data=form, headers=PHONE, follow_redirects=follow)


def visits(tenant: Tenant) -> list[int | None]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(Touchpoint.placement_number).where(Touchpoint.kind == "visit")))


def test_page_shows_the_clerks_code(tenant: Tenant, client: RoleClient, anna: Placement, phone: Client) -> None:
    shown = phone.get(f"/s/{issue(client, anna)}", headers=PHONE).get_data(as_text=True)
    assert "Anna" in shown
    assert read_svg_code(shown) == f"http://localhost/t/{code_of(tenant, anna)}?q"


def test_clerk_checks_somebody_in(tenant: Tenant, client: RoleClient, anna: Placement, phone: Client) -> None:
    secret = issue(client, anna)
    moved = send(phone, secret, {"phone": "13900000001", "at": code_of(tenant, anna)}, follow=False)
    assert (moved.status_code, "13900000001" in moved.headers["Location"]) == (303, False)
    shown = phone.get(moved.headers["Location"], headers=PHONE).get_data(as_text=True)
    assert "已签到" in shown
    assert "13900000001" not in shown
    assert visits(tenant) == [anna.number]


def test_event_gift_is_handed_by_the_clerk(
    tenant: Tenant, channel: Channel, client: RoleClient, anna: Placement, phone: Client
) -> None:
    event = make_place(tenant, channel, "Opening", place="event", belongs_to="SH01", gift_zh="袋", gift_stock=1)
    elsewhere = make_place(tenant, channel, "Elsewhere", place="event", belongs_to="BJ01", gift_zh="袋", gift_stock=1)
    secret, at = issue(client, anna), code_of(tenant, event)
    assert "礼品剩 1" in phone.get(f"/s/{secret}", headers=PHONE).get_data(as_text=True)
    asked = [("13900000001", at), ("13900000001", at), ("13900000002", at), ("13900000003", code_of(tenant, elsewhere))]
    said = [send(phone, secret, {"phone": who, "at": there}).get_data(as_text=True) for who, there in asked]
    assert "请给礼品：第 1 份" in said[0]
    assert "之前领过（第 1 份）" in said[1]
    assert "已经送完" in said[2]
    assert "没有记下来" in said[3]
    assert visits(tenant) == [event.number] * 2


@pytest.mark.parametrize("form", [{}, {"phone": "12"}, {"phone": "\x00"}, {"at": "Ab12Cd34"}, {"phone": "1" * 500}])
def test_bad_check_ins_change_nothing(
    tenant: Tenant, client: RoleClient, anna: Placement, phone: Client, form: dict[str, str]
) -> None:
    at = {"at": code_of(tenant, anna)}
    answer = send(phone, issue(client, anna), at | form)
    assert answer.status_code == 200
    assert 'class="wrong"' in answer.get_data(as_text=True)
    assert visits(tenant) == []


def test_check_ins_count_for_the_clerk(
    tenant: Tenant, channel: Channel, client: RoleClient, anna: Placement, phone: Client
) -> None:
    event = make_place(tenant, channel, "Opening", place="event", belongs_to="SH01")
    make_place(tenant, channel, "Jing'an", place="store", number="SH01")
    secret, at = issue(client, anna), code_of(tenant, event)
    for who, there in [("13900000001", at), ("13900000001", at), ("13900000002", code_of(tenant, anna))]:
        send(phone, secret, {"phone": who, "at": there})
    phone.post(f"/l/{at}", data={"phone": "13900000003"})
    shown = phone.get(f"/s/{secret}", headers=PHONE).get_data(as_text=True)
    assert "<dt>签到</dt><dd>2</dd>" in shown
    assert "<dt>到店</dt><dd>1</dd>" in shown
    board = client.get("/stores/board?from=2000-01-01&to=2199-01-01").get_json()
    counted = {row["name"]: row["checked_in"] for row in board["staff"] + board["places"] + board["stores"]}
    assert counted == {"Anna": 2, "Opening": 0, "Jing'an": 2}


def test_false_secrets_open_nothing(tenant: Tenant, client: RoleClient, anna: Placement, phone: Client) -> None:
    secret = issue(client, anna)
    last = "a" if secret[-1] != "a" else "b"
    for false in (secret[:8], secret[:-1] + last, secret[:-1], secret + "a", "x" * 32, secret.upper()):
        assert phone.get(f"/s/{false}", headers=PHONE).status_code == 404
        assert send(phone, false, {"phone": "13900000001"}).status_code == 404
    assert visits(tenant) == []


def test_new_link_ends_the_old(client: RoleClient, anna: Placement, phone: Client) -> None:
    old, new = issue(client, anna), issue(client, anna)
    assert [phone.get(f"/s/{secret}").status_code for secret in (old, new)] == [404, 200]
    client.delete(f"/placements/{anna.id}/clerk_page")
    assert phone.get(f"/s/{new}").status_code == 404
    assert client.get(f"/placements/{anna.id}/clerk_page").get_json() == {"url": None}


def test_archived_clerk_has_no_page(client: RoleClient, anna: Placement, phone: Client) -> None:
    secret = issue(client, anna)
    client.post(f"/placements/{anna.id}/archive")
    assert phone.get(f"/s/{secret}").status_code == 404
    assert client.post(f"/placements/{anna.id}/clerk_page").status_code == 409


def test_secret_of_another_brand_is_no_key(tenant: Tenant, client: RoleClient, anna: Placement) -> None:
    secret = issue(client, anna)
    there = make_tenant(name="There")
    clerk = make_place(there, make_stores(there), "Ben", place="staff", code="A017")
    assert find_clerk(secret) is not None
    assert find_clerk(code_of(there, clerk) + secret[8:]) is None


def test_counts_are_todays(
    tenant: Tenant, channel: Channel, client: RoleClient, anna: Placement, phone: Client
) -> None:
    now = datetime(2026, 11, 21, 4, tzinfo=UTC)
    sold = [
        OrderSeen(
            event_id=f"o{day}",
            at=now.replace(day=day),
            who=(IdentityClaim(kind="phone", value=f"+861390000000{day % 10}"),),
            order_no=f"N{day}",
            amount=Decimal("12.5"),
            detail={"code": "A017"},
        )
        for day in (20, 21)
    ]
    with writing(tenant.number) as session:
        take(session, channel_by_number(session, channel.number), sold)
    with clock.set_to(now):
        shown = phone.get(f"/s/{issue(client, anna)}", headers=PHONE).get_data(as_text=True)
    assert "<dt>成交</dt><dd>1</dd>" in shown
    assert "今天到 12:00，成交 ¥12.50" in shown
