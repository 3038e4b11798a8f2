"""Who asks in public gets a claim code; who claims with it and says who they are is that person, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask_openapi3 import OpenAPI

from core import clock
from core.channels.models import Channel
from core.contacts.lookup import family
from core.contacts.models import Contact
from core.db import reading, writing
from core.erasure.service import erase_contact
from core.ingest.claims import SPOKEN_LIFE
from core.ingest.facts import take
from core.ingest.models import Claim
from core.placements.front_door import redirects_of
from core.placements.miss_limit import MissLimit
from core.placements.models import Link, Placement
from core.placements.service import archive_placement, create_placement, find_placement
from core.sdk import ClaimAsked, IdentityClaim, PlacementSeen
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.channels import make_channel

EIGHT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/141.0.0.0 Mobile Safari/537.36"}


@pytest.fixture(autouse=True)
def in_the_show() -> Iterator[None]:
    with clock.set_to(EIGHT + 10 * MINUTE):
        yield


@pytest.fixture
def live(tenant: Tenant) -> Channel:
    return make_channel(tenant, "Live", plugin="livestream")


@pytest.fixture
def show(tenant: Tenant, live: Channel) -> Placement:
    with writing(tenant.number) as session:
        return create_placement(
            session,
            channel=session.merge(live, load=False),
            name="Friday",
            starts_at=EIGHT,
            ends_at=EIGHT + 120 * MINUTE,
            detail={"room_id": "268", "spoken": "龙井88"},
        )


def ask(tenant: Tenant, live: Channel, person: str, *, at: datetime = EIGHT + 5 * MINUTE, room: str = "268") -> None:
    who = (IdentityClaim(kind="platform_openid", value=person, app="tt1"),)
    event = ClaimAsked(
        event_id=f"c-{person}-{at.timestamp()}",
        at=at,
        who=who,
        keyword="领福利",
        shown_name=f"观众{person}",
        detail={"room_id": room},
    )
    with writing(tenant.number) as session:
        assert take(session, live, [event]).refused == {}


def claims(client: RoleClient, show: Placement) -> list[dict[str, Any]]:
    said = client.get(f"/placements/{show.id}/claims")
    assert said.status_code == 200
    return list(said.get_json()["items"])


def page_of(tenant: Tenant, show: Placement) -> str:
    with reading(tenant.number) as session:
        code = session.scalars(sa.select(Link.code).where(Link.placement_number == show.number)).one()
    return f"/l/{code}"


def people(tenant: Tenant) -> int:
    """How many persons there are, those merged counted once."""
    with reading(tenant.number) as session:
        rows = session.execute(sa.select(Contact.number, Contact.merged_into)).all()
    return sum(row.merged_into is None for row in rows)


def redeemed(tenant: Tenant) -> list[tuple[int | None, Any]]:
    with reading(tenant.number) as session:
        rows = session.scalars(sa.select(Touchpoint).where(Touchpoint.kind == "redeem").order_by(Touchpoint.at))
        return [(row.placement_number, row.detail.get("minute")) for row in rows]


def test_asking_twice_is_one_claim(client: RoleClient, tenant: Tenant, live: Channel, show: Placement) -> None:
    for minutes in (9, 5, 7):
        ask(tenant, live, "s1", at=EIGHT + minutes * MINUTE)
    ask(tenant, live, "s2", room="9")
    (one,) = claims(client, show)
    assert (one["name"], one["keyword"], one["minute"], one["claimed_at"]) == ("观众s1", "领福利", 6, None)
    assert len(one["digits"]) == 6
    assert one["url"].split("/l/")[0].startswith("http")


@pytest.mark.parametrize("by", ["link", "digits"])
def test_claiming_joins_who_asked(client: RoleClient, tenant: Tenant, live: Channel, show: Placement, by: str) -> None:
    ask(tenant, live, "s1")
    (one,) = claims(client, show)
    page = "/l/" + one["url"].split("/l/")[1] if by == "link" else page_of(tenant, show)
    form = {"phone": "13900000001"} | ({"spoken": one["digits"]} if by == "digits" else {})
    with clock.set_to(EIGHT + 30 * MINUTE):
        assert client.get(page, headers=PHONE).status_code == 200
        assert people(tenant) == 1
        assert client.post(page, data=form, headers=PHONE).status_code == 200
        assert people(tenant) == 1
        assert redeemed(tenant) == [(show.number, 31)]
        assert client.post(page, data=form, headers=PHONE).status_code == 409
    assert len(redeemed(tenant)) == 1
    assert claims(client, show)[0]["claimed_at"] is not None


def test_digits_are_good_for_days_only(client: RoleClient, tenant: Tenant, live: Channel, show: Placement) -> None:
    ask(tenant, live, "s1")
    digits = claims(client, show)[0]["digits"]
    form = {"phone": "13900000001", "spoken": digits}
    with clock.set_to(EIGHT + 5 * MINUTE + SPOKEN_LIFE + MINUTE):
        assert client.post(page_of(tenant, show), data=form).status_code == 404
    assert redeemed(tenant) == []


def test_spoken_code_finds_its_session(client: RoleClient, tenant: Tenant, live: Channel, show: Placement) -> None:
    page = page_of(tenant, show)
    with writing(tenant.number) as session:
        later = create_placement(
            session,
            channel=session.merge(live, load=False),
            name="Saturday",
            starts_at=EIGHT + timedelta(days=1),
            ends_at=EIGHT + timedelta(days=1, hours=2),
            detail={"spoken": "红茶"},
        )
    with clock.set_to(EIGHT + timedelta(days=1, minutes=3)):
        assert client.post(page, data={"phone": "13900000001", "spoken": " 红 茶"}).status_code == 200
        assert client.post(page, data={"phone": "13900000002", "spoken": "龙井８８"}).status_code == 200
        assert client.post(page, data={"phone": "13900000003", "spoken": "绿茶"}).status_code == 404
        assert client.post(page, data={"phone": "1390", "spoken": "红茶"}).status_code == 422
        assert client.post(page, data={"phone": "13900000001"}).status_code == 422
    assert redeemed(tenant) == [(later.number, 4), (show.number, None)]


def test_tracked_link_leads_to_the_page(client: RoleClient, tenant: Tenant, show: Placement) -> None:
    page = page_of(tenant, show)
    sent_on = client.get(f"/t/{page.removeprefix('/l/')}", headers=PHONE)
    assert sent_on.status_code == 302
    assert sent_on.headers["Location"].endswith(page)
    shown = client.get(page, headers=PHONE | {"Accept-Language": "en"})
    assert "The code that the host said" in shown.get_data(as_text=True)
    assert "siyu_a=" in sent_on.headers["Set-Cookie"]


def test_wrong_addresses_have_no_page(client: RoleClient, tenant: Tenant, live: Channel, show: Placement) -> None:
    page = page_of(tenant, show)
    for path in ("/l/", "/l/nothere1", f"{page}x", f"{page}/nosuchtoken", "/l/a/b"):
        assert client.get(path).status_code == 404
    with writing(tenant.number) as session:
        archive_placement(session, find_placement(session, show.id))
    assert client.get(page).status_code == 410
    assert client.post(page, data={"phone": "13900000001"}).status_code == 410


def test_guessing_is_slowed_down(app: OpenAPI, client: RoleClient, tenant: Tenant, show: Placement) -> None:
    redirects_of(app).misses = MissLimit(monotonic=lambda: 0.0)
    page = page_of(tenant, show)
    said = [client.post(page, data={"phone": "13900000001", "spoken": f"{n:06}"}).status_code for n in range(32)]
    assert said[0] == 404
    assert said[-1] == 429


def test_erased_person_has_no_name_left(client: RoleClient, tenant: Tenant, live: Channel, show: Placement) -> None:
    ask(tenant, live, "s1")
    with writing(tenant.number) as session:
        row = session.scalars(sa.select(Claim)).one()
        contact = session.scalars(sa.select(Contact).where(Contact.number == row.contact_number)).one()
        assert family(session, [contact.number])
        erase_contact(session, str(contact.id))
    assert claims(client, show)[0]["name"] == ""


def seen(name: str, at: datetime, **detail: str) -> PlacementSeen:
    return PlacementSeen(
        event_id=f"p-{name}", at=at, name=name, starts_at=at, ends_at=at + 90 * MINUTE, detail=dict(detail)
    )


def test_vendor_corrects_what_was_planned(tenant: Tenant, live: Channel, show: Placement) -> None:
    began = EIGHT + 4 * MINUTE
    with writing(tenant.number) as session:
        for _ in range(2):
            told = [seen("小林 20:04", began, room_id="268", host="小林"), seen("小周 22:00", EIGHT + 120 * MINUTE)]
            assert take(session, live, [*told, seen("bad", EIGHT, no_such_field="x")]).refused == {"p-bad": "invalid"}
    with reading(tenant.number) as session:
        rows = {row.name: row for row in session.scalars(sa.select(Placement))}
        assert sorted(rows) == ["Friday", "小周 22:00"]
        assert (rows["Friday"].starts_at, rows["Friday"].ends_at) == (began, began + 90 * MINUTE)
        assert rows["Friday"].detail["host"] == "小林"
        assert rows["Friday"].detail["spoken"] == "龙井88"
