"""A card's whole life: printed, its QR code read from the paper, opened on a phone, redeemed, refused."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from core.contacts.models import Contact
from core.db import Database, reading
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.cards import make_cards
from tests.readers import read_qr_codes, render_pages
from tests.servers.siyu import free_port

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("db", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: OpenAPI, db: Database) -> Iterator[str]:
    port = free_port()
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
    context = browser.new_context(
        viewport={"width": 375, "height": 667}, user_agent=agent, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def print_and_scan(client: RoleClient, placement_id: str) -> str:
    """The address in a QR code of the printed sheet, read by an independent reader."""
    client.post(f"/placements/{placement_id}/publish")
    run_pending()
    (artifact,) = client.get(f"/placements/{placement_id}/artifacts").get_json()["items"]
    picture = render_pages(client.get(f"/files/{artifact['file_id']}").data)[0]
    return min(read_qr_codes(picture))


def test_printed_card_is_redeemed_once(client: RoleClient, tenant: Tenant, address: str, phone: Page) -> None:
    batch = make_cards(tenant, 2)
    printed = print_and_scan(client, str(batch.placement.id))
    page = printed.replace("http://localhost", address)
    phone.goto(page)
    phone.fill("#phone", "139 0000 0001")
    phone.click("button")
    assert "领取成功" in phone.inner_text("main")
    again = phone.goto(page)
    assert again is not None
    assert (again.status, "每张卡只能领一次" in phone.inner_text("main")) == (409, True)
    with reading(tenant.number) as session:
        touch = session.scalars(sa.select(Touchpoint).where(Touchpoint.kind == "redeem")).one()
        contact = session.scalars(sa.select(Contact).where(Contact.number == touch.contact_number)).one()
        assert contact.joined_at is not None


def test_mistyped_serial_can_be_typed_again(tenant: Tenant, address: str, phone: Page) -> None:
    good = make_cards(tenant, 1).serials[0]
    phone.goto(f"{address}/c/")
    phone.fill("#serial", good[:-1] + ("0" if good[-1] != "0" else "1"))
    phone.click("button")
    assert "输错" in phone.inner_text("main")
    phone.fill("#serial", good.lower())
    phone.click("button")
    assert phone.url == f"{address}/c/{good}"
    assert phone.locator("#phone").is_visible()


def test_page_fits_a_small_phone(tenant: Tenant, address: str, phone: Page) -> None:
    good = make_cards(tenant, 1).serials[0]
    phone.set_viewport_size({"width": 320, "height": 568})
    phone.goto(f"{address}/c/{good}?lang=en")
    right_edges = [box["x"] + box["width"] for part in phone.locator("main *").all() if (box := part.bounding_box())]
    assert max(right_edges) <= 320
    button = phone.locator("button").bounding_box()
    assert button is not None
    assert button["height"] >= 44
