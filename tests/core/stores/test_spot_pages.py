"""The page behind a poster: a scan leads there, a form makes a contact of the visitor, a gift is told by its number."""

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from werkzeug.test import Client, TestResponse

from core.channels.models import Channel
from core.contacts.models import Contact
from core.db import reading, writing
from core.placements.models import Placement
from core.placements.service import archive_placement, placement_by_number
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel
from tests.factories.stores import code_of, make_place, make_stores

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50", "Accept-Language": "zh-CN"}


@pytest.fixture
def channel(tenant: Tenant) -> Channel:
    return make_stores(tenant)


@pytest.fixture
def visitor(app: OpenAPI) -> Client:
    return Client(app)


def event(tenant: Tenant, channel: Channel) -> Placement:
    return make_place(tenant, channel, "Opening day", place="event", gift_zh="帆布袋", gift_en="Tote bag", gift_stock=1)


def send(visitor: Client, code: str, **form: str) -> TestResponse:
    return visitor.post(f"/l/{code}", data=form, headers=PHONE)


def touches(tenant: Tenant) -> list[Touchpoint]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(Touchpoint)))


def test_scan_leads_to_the_page(tenant: Tenant, channel: Channel, visitor: Client) -> None:
    code = code_of(tenant, make_place(tenant, channel, "Door", place="store", number="SH01"))
    moved = visitor.get(f"/t/{code}?q", headers=PHONE)
    assert (moved.status_code, moved.headers["Location"]) == (302, f"/l/{code}")
    shown = visitor.get(moved.headers["Location"], headers=PHONE).get_data(as_text=True)
    assert 'name="phone"' in shown
    assert 'name="receipt"' in shown
    assert touches(tenant) == []


def test_form_makes_a_contact_once(tenant: Tenant, channel: Channel, visitor: Client) -> None:
    place = make_place(tenant, channel, "Door", place="store")
    code = code_of(tenant, place)
    for _ in range(2):
        assert send(visitor, code, phone="139 0000 0001", consent="1").status_code == 200
    (visit,) = touches(tenant)
    assert (visit.kind, visit.placement_number) == ("visit", place.number)
    with reading(tenant.number) as session:
        (joined,) = session.scalars(sa.select(Contact).where(Contact.joined_at.is_not(None)))
        assert joined.origin_placement_number == place.number


def test_gift_is_told_by_number(tenant: Tenant, channel: Channel, visitor: Client) -> None:
    code = code_of(tenant, event(tenant, channel))
    assert "帆布袋" in visitor.get(f"/l/{code}", headers=PHONE).get_data(as_text=True)
    first, again, late = (send(visitor, code, phone=phone) for phone in ("13900000001", "13900000001", "13900000002"))
    assert "第 1 份。请给店员看" in first.get_data(as_text=True)
    assert "之前已经领过" in again.get_data(as_text=True)
    assert "已经送完" in late.get_data(as_text=True)


@pytest.mark.parametrize("form", [{}, {"phone": ""}, {"phone": "12"}, {"phone": "\x00'; drop"}, {"consent": "1"}])
def test_bad_forms_are_shown_again(tenant: Tenant, channel: Channel, visitor: Client, form: dict[str, str]) -> None:
    code = code_of(tenant, make_place(tenant, channel, "Door", place="store"))
    assert send(visitor, code, **form).status_code == 422
    assert touches(tenant) == []


@pytest.mark.parametrize("code", ["Ab12Cd34", "x", "Ab12Cd34Ab12Cd", "%00", "..", "'"])
def test_unknown_codes_say_so(visitor: Client, tenant: Tenant, code: str) -> None:
    assert visitor.get(f"/l/{code}", headers=PHONE).status_code == 404
    assert send(visitor, code, phone="13900000001").status_code == 404


def test_archived_place_says_it_ended(tenant: Tenant, channel: Channel, visitor: Client) -> None:
    place = event(tenant, channel)
    code = code_of(tenant, place)
    with writing(tenant.number) as session:
        archive_placement(session, placement_by_number(session, place.number))
    assert visitor.get(f"/l/{code}", headers=PHONE).status_code == 410
    assert send(visitor, code, phone="13900000001").status_code == 410
    assert touches(tenant) == []


def test_page_speaks_english(tenant: Tenant, channel: Channel, visitor: Client) -> None:
    code = code_of(tenant, event(tenant, channel))
    shown = visitor.get(f"/l/{code}?lang=en", headers=PHONE).get_data(as_text=True)
    assert "Check in" in shown
    assert "Tote bag" in shown


def test_other_plugins_have_no_page(tenant: Tenant, client: RoleClient, visitor: Client) -> None:
    ads = make_channel(tenant, "Ads")
    body = {"channel_id": str(ads.id), "name": "Spring", "target_url": "https://example.com/"}
    placement = client.post("/placements", json=body).get_json()
    code = client.get(f"/placements/{placement['id']}/links").get_json()["items"][0]["code"]
    assert visitor.get(f"/l/{code}", headers=PHONE).status_code == 404
    assert client.post(f"/placements/{placement['id']}/links", json={"label": "x"}).status_code == 422


def test_more_links_lead_to_the_page(tenant: Tenant, channel: Channel, client: RoleClient, visitor: Client) -> None:
    place = make_place(tenant, channel, "Tables", place="table")
    link = client.post(f"/placements/{place.id}/links", json={"label": "Table 1"}).get_json()
    assert link["target_url"] == f"/l/{link['code']}"
    assert "Table 1" in visitor.get(link["target_url"], headers=PHONE).get_data(as_text=True)
