"""Clicks travel from the redirect through the journal into the database, once each."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import settings
from core.contacts.models import Contact
from core.contacts.service import IdentityClaim, resolve
from core.db import reading, writing
from core.deliveries.models import Delivery
from core.deliveries.service import plan
from core.ingest import shipper as shipper_module
from core.ingest.click_facts import store_clicks
from core.ingest.shipper import Shipper
from core.placements.front_door import journal_folder, journal_key, redirects_of
from core.placements.journal_reader import list_journals
from core.placements.links import recipient_code
from core.placements.models import Link, Placement
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.placements import make_placement, make_tracked_link

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"


@pytest.fixture
def placement(tenant: Tenant) -> Placement:
    return make_placement(tenant)


@pytest.fixture
def link(tenant: Tenant, placement: Placement) -> Link:
    return make_tracked_link(tenant, placement)


@pytest.fixture
def shipper(tenant: Tenant) -> Iterator[Shipper]:
    config = settings.current()
    made = Shipper(journal_folder(config), journal_key(config))
    yield made
    made.close()


def click(client: RoleClient, code: str, agent: str = PHONE) -> None:
    assert client.get(f"/t/{code}", headers={"User-Agent": agent}).status_code == 302


def touches(tenant: Tenant) -> list[Touchpoint]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(Touchpoint).order_by(Touchpoint.at)))


def test_click_becomes_a_touchpoint(
    client: RoleClient, tenant: Tenant, placement: Placement, link: Link, shipper: Shipper
) -> None:
    headers = {"User-Agent": PHONE, "Referer": "https://mp.weixin.qq.com/s?phone=13900000000"}
    client.get(f"/t/{link.code}", headers=headers)
    shipper.ship()
    (touch,) = touches(tenant)
    assert (touch.kind, touch.placement_number, touch.is_bot) == ("click", placement.number, False)
    assert touch.channel_number == placement.channel_number
    assert touch.detail == {"link": link.code, "referrer": "mp.weixin.qq.com"}


def test_same_browser_is_one_visitor(client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper) -> None:
    for _ in range(3):
        click(client, link.code)
    shipper.ship()
    assert len({touch.contact_number for touch in touches(tenant)}) == 1
    with reading(tenant.number) as session:
        assert session.scalars(sa.select(Contact.joined_at)).all() == [None]


def test_machines_share_one_visitor(client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper) -> None:
    for agent in ("curl/8", "Googlebot/2.1", "facebookexternalhit/1.1"):
        click(client, link.code, agent)
    shipper.ship()
    marks = {(touch.contact_number, touch.is_bot) for touch in touches(tenant)}
    assert len(marks) == 1
    assert marks.pop()[1]


def test_recipient_code_is_a_known_contact(
    client: RoleClient, tenant: Tenant, placement: Placement, link: Link, shipper: Shipper
) -> None:
    with writing(tenant.number) as session:
        (known,) = resolve(session, [[IdentityClaim("phone", "+8613900000001")]])
        plan(session, campaign=1, channel=placement.channel_number, placement=placement.number, contacts=[known])
        code = recipient_code(session, link, session.scalars(sa.select(Delivery.number)).one())
    click(client, code)
    shipper.ship()
    assert [touch.contact_number for touch in touches(tenant)] == [known]


def test_recipient_nobody_knows_is_a_visitor(client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper) -> None:
    click(client, link.code + "zzzzzz")
    click(client, link.code + "zzzzzz")
    shipper.ship()
    assert len({touch.contact_number for touch in touches(tenant)}) == 1


def test_shipping_again_stores_nothing_twice(client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper) -> None:
    click(client, link.code)
    assert shipper.ship() == 1
    assert shipper.ship() == 0
    config = settings.current()
    after_a_crash = Shipper(journal_folder(config), journal_key(config))
    assert after_a_crash.ship() == 1
    after_a_crash.close()
    assert len(touches(tenant)) == 1


def test_death_between_commit_and_confirm_doubles_nothing(
    client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper, monkeypatch: pytest.MonkeyPatch
) -> None:
    click(client, link.code)

    original = shipper_module._store_batch

    def dying(tenant_number: int, pairs: object) -> None:
        original(tenant_number, pairs)  # type: ignore[arg-type]  # handed through
        raise KeyboardInterrupt

    monkeypatch.setattr(shipper_module, "_store_batch", dying)
    with pytest.raises(KeyboardInterrupt):
        shipper.ship()
    monkeypatch.undo()
    shipper.ship()
    assert len(touches(tenant)) == 1


def test_clicks_wait_while_the_database_is_down(
    client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("insert", {}, Exception("down"))

    monkeypatch.setattr(shipper_module, "_store_batch", fail)
    click(client, link.code)
    with pytest.raises(OperationalError):
        shipper.ship()
    monkeypatch.undo()
    click(client, link.code)
    assert shipper.ship() == 2
    assert len(touches(tenant)) == 2


def test_code_nobody_made_is_left_out(
    client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redirects_of(client.raw.application)._links, "_rest_until", 1e12)
    answers = [client.get(f"/t/{code}").status_code for code in ("ZZZZZZZZ", link.code)]
    assert answers == [503, 503]
    assert shipper.ship() == 2
    assert [touch.detail["link"] for touch in touches(tenant)] == [link.code]


def test_each_click_reaches_its_own_brand(
    client: RoleClient, tenant: Tenant, other_tenant: Tenant, link: Link, shipper: Shipper
) -> None:
    theirs = make_tracked_link(other_tenant, make_placement(other_tenant))
    click(client, link.code)
    click(client, theirs.code)
    shipper.ship()
    assert [t.detail["link"] for t in touches(tenant)] == [link.code]
    assert [t.detail["link"] for t in touches(other_tenant)] == [theirs.code]


def test_finished_journal_is_removed_when_stored(
    client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper
) -> None:
    click(client, link.code)
    folder = journal_folder(settings.current())
    shipper.ship()
    assert len(list(list_journals(folder))) == 1
    redirects_of(client.raw.application)._journal.close()  # as when the process ends
    shipper.ship()
    assert list(list_journals(folder)) == []


def test_one_bad_click_does_not_hold_up_the_rest(
    client: RoleClient, tenant: Tenant, link: Link, shipper: Shipper, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.errors import Invalid

    def picky(session: Session, clicks: list[object], origins: list[object]) -> int:
        if any("bad" in getattr(one, "agent", "") for one in clicks):
            raise Invalid("not this one")
        return store_clicks(session, clicks, origins)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr(shipper_module, "store_clicks", picky)
    for agent in (PHONE, PHONE + " bad", PHONE):
        click(client, link.code, agent)
    shipper.ship()
    assert len(touches(tenant)) == 2


def test_figures_count_people_only(
    client: RoleClient, tenant: Tenant, placement: Placement, link: Link, shipper: Shipper
) -> None:
    click(client, link.code)
    click(client, link.code, "curl/8")
    client.get(f"/t/{link.code}?q", headers={"User-Agent": PHONE})
    shipper.ship()
    stats = client.get(f"/placements/{placement.id}").get_json()["stats"]
    assert (stats["clicks"], stats["scans"], stats["contacts"]) == (1, 1, 0)


def test_channel_shows_its_last_event(client: RoleClient, link: Link, shipper: Shipper) -> None:
    click(client, link.code)
    shipper.ship()
    (used,) = [c for c in client.get("/channels").get_json()["items"] if c["last_event_at"]]
    assert used["plugin"] == "other"


def test_journal_on_disk_shows_nothing(client: RoleClient, link: Link, home: Path) -> None:
    click(client, link.code)
    (path,) = list_journals(journal_folder(settings.current()))
    assert link.code.encode() not in path.read_bytes()
    assert b"MicroMessenger" not in path.read_bytes()
