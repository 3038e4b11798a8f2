"""Doubtful scans and redemptions are kept and shown; what a limit refuses is seen and can be put back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core import audit, clock, settings
from core.db import new_id, reading, writing
from core.ingest import accepting
from core.ingest.shipper import Shipper
from core.placements.card_states import Deed, move_cards
from core.placements.front_door import journal_folder, journal_key
from core.placements.models import CardScan, Redemption, RefusedRedemption
from core.placements.refused import expire_refused
from core.placements.visitors import new_visitor
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"
NOON = datetime(2026, 11, 10, 4, tzinfo=UTC)


class Customer:
    """A browser with a cookie and an address of its own."""

    def __init__(self, client: RoleClient, *, address: str = "203.0.113.9", cookie: str | None = None) -> None:
        self.http = client.raw.application.test_client()
        self.address = address
        self.http.set_cookie("siyu_a", cookie or new_visitor())
        self.headers = {"User-Agent": PHONE}

    def scan(self, serial: str) -> int:
        return self.http.get(
            f"/c/{serial}", headers=self.headers, environ_base={"REMOTE_ADDR": self.address}
        ).status_code

    def redeem(self, serial: str, phone: str = "13900000001") -> int:
        answer = self.http.post(
            f"/c/{serial}", data={"phone": phone}, headers=self.headers, environ_base={"REMOTE_ADDR": self.address}
        )
        return answer.status_code


def ship() -> None:
    config = settings.current()
    shipper = Shipper(journal_folder(config), journal_key(config))
    shipper.ship()
    shipper.close()


def signs(client: RoleClient, batch: Batch) -> dict[str, Any]:
    found = client.get(f"/placements/{batch.placement.id}/cards/signs").get_json()["items"]
    return {one["kind"]: one for one in found}


def refused(client: RoleClient, batch: Batch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/placements/{batch.placement.id}/cards/refused").get_json()["items"]
    return found


def change(tenant: Tenant, batch: Batch, deed: Deed) -> None:
    with writing(tenant.number) as session:
        move_cards(session, batch.placement.number, deed, range(1, 1000), move=new_id())


def test_scans_before_shipping_are_signs(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 2, detail={"only_after_shipping": True})
    someone = Customer(client)
    for _ in range(3):
        someone.scan(batch.serials[0])
    ship()
    found = signs(client, batch)
    assert (found["early_scan"]["card"], found["early_scan"]["count"]) == (1, 1)
    assert someone.redeem(batch.serials[1]) == 409
    (row,) = refused(client, batch)
    assert (row["card"], row["reason"], row["state"]) == (2, "early", "refused")


def test_refused_before_shipping_is_put_back(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1, detail={"only_after_shipping": True})
    with clock.set_to(NOON):
        Customer(client).redeem(batch.serials[0])
    path = f"/placements/{batch.placement.id}/cards/refused/{refused(client, batch)[0]['id']}"
    assert client.post(f"{path}/accept").status_code == 409
    change(tenant, batch, "activate")
    assert client.post(f"{path}/accept").status_code == 200
    with reading(tenant.number) as session:
        redemption = session.scalars(sa.select(Redemption)).one()
        assert redemption.at == NOON
        assert redemption.contact_number is not None
    assert refused(client, batch)[0]["state"] == "accepted"
    assert client.post(f"{path}/accept").status_code == 409


def test_untold_acceptance_does_not_happen(client: RoleClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = make_cards(tenant, 2, settings={"most_a_person": 1})
    assert [Customer(client).redeem(serial) for serial in batch.serials] == [200, 409]
    (row,) = refused(client, batch)
    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            accepting.accept_refused(tenant.number, str(batch.placement.id), row["id"])
    assert refused(client, batch)[0]["state"] == "refused"
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Redemption)) == 1


def test_many_browsers_of_one_card_are_a_sign(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    for number in range(5):
        Customer(client, cookie=f"{number}" * 22).scan(batch.serials[0])
        ship()
        assert ("many_devices" in signs(client, batch)) is (number == 4)
    assert signs(client, batch)["many_devices"]["count"] == 5


def test_shipping_again_counts_nothing_twice(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    Customer(client).scan(batch.serials[0])
    for _ in range(2):
        config = settings.current()
        shipper = Shipper(journal_folder(config), journal_key(config))
        shipper.ship()  # not closed: the next one reads the same journal from its beginning
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(CardScan)) == 1


def test_used_card_passed_on_is_a_sign(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    owner = Customer(client)
    owner.scan(batch.serials[0])
    owner.redeem(batch.serials[0])
    owner.redeem(batch.serials[0])
    ship()
    assert refused(client, batch) == []
    assert "used_by_others" not in signs(client, batch)
    with clock.set_to(clock.now() + timedelta(minutes=5)):
        for _ in range(2):
            other = Customer(client)
            other.scan(batch.serials[0])
        assert other.redeem(batch.serials[0], "13900000002") == 409
    ship()
    assert signs(client, batch)["used_by_others"]["count"] == 2
    assert [(row["reason"], row["can_accept"]) for row in refused(client, batch)] == [("used", False)]


def test_one_browser_with_many_cards_is_a_sign(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 3)
    reseller = Customer(client)
    for number, serial in enumerate(batch.serials):
        assert reseller.redeem(serial, f"1390000000{number}") == 200
    assert signs(client, batch)["device_many_cards"]["count"] == 3


def test_one_address_with_many_cards_is_a_sign(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 20)
    for number, serial in enumerate(batch.serials):
        assert Customer(client).redeem(serial, f"139000000{number:02}") == 200
    assert signs(client, batch)["address_many_cards"]["count"] == 20
    with reading(tenant.number) as session:
        assert b"203.0.113" not in b"".join(session.scalars(sa.select(Redemption.address)))


def test_burst_against_its_own_past_is_a_sign(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 16)
    for day in range(6):
        with clock.set_to(NOON - timedelta(days=7 - day)):
            Customer(client, address=f"10.0.0.{day}").redeem(batch.serials[day], f"1380000000{day}")
    for number in range(6, 16):
        assert "burst" not in signs(client, batch)
        with clock.set_to(NOON + timedelta(minutes=number)):
            Customer(client, address=f"10.0.1.{number}").redeem(batch.serials[number], f"137000000{number:02}")
    assert signs(client, batch)["burst"]["count"] == 10


def test_settled_sign_opens_when_it_grows(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 4)
    reseller = Customer(client)
    for number in range(3):
        reseller.redeem(batch.serials[number], f"1390000000{number}")
    sign = signs(client, batch)["device_many_cards"]
    path = f"/placements/{batch.placement.id}/cards/signs/{sign['id']}/settle"
    assert client.post(path).status_code == 200
    assert signs(client, batch)["device_many_cards"]["settled_at"]
    reseller.redeem(batch.serials[3], "13900000009")
    assert signs(client, batch)["device_many_cards"]["settled_at"] is None


def test_limit_a_person_is_polite_and_undone(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 3, settings={"most_a_person": 1})
    assert Customer(client).redeem(batch.serials[0]) == 200
    again = Customer(client, address="198.51.100.1")
    assert [again.redeem(batch.serials[1]), again.redeem(batch.serials[1])] == [409, 409]
    (row,) = refused(client, batch)
    assert (row["reason"], row["times"], row["can_accept"]) == ("person_limit", 2, True)
    assert signs(client, batch)["refused"]["count"] == 2
    assert Customer(client).redeem(batch.serials[2], "13900000002") == 200
    assert client.post(f"/placements/{batch.placement.id}/cards/refused/{row['id']}/accept").status_code == 200
    assert client.get(f"/placements/{batch.placement.id}").get_json()["stats"]["redeemed"] == 3


def test_limit_an_address_lasts_a_day(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 3, settings={"most_an_address": 1})
    with clock.set_to(NOON):
        assert Customer(client).redeem(batch.serials[0]) == 200
        assert Customer(client).redeem(batch.serials[1], "13900000002") == 409
        assert Customer(client, address="198.51.100.7").redeem(batch.serials[2], "13900000003") == 200
    with clock.set_to(NOON + timedelta(hours=25)):
        assert Customer(client).redeem(batch.serials[1], "13900000002") == 200


def test_refusal_speaks_to_the_customer(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 2, settings={"most_a_person": 1})
    client.post(f"/c/{batch.serials[0]}", data={"phone": "13900000001"})
    english = client.post(f"/c/{batch.serials[1]}", data={"phone": "13900000001"}, headers={"Accept-Language": "en"})
    assert (english.status_code, "We keep this card for you" in english.text) == (409, True)


def test_refused_form_is_sealed_and_forgotten(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    change(tenant, batch, "void")
    with clock.set_to(NOON):
        assert Customer(client).redeem(batch.serials[0]) == 410
    with reading(tenant.number) as session:
        assert b"139" not in (session.scalars(sa.select(RefusedRedemption.answers)).one() or b"")
    with clock.set_to(NOON + timedelta(days=8)), writing(tenant.number) as session:
        assert expire_refused(session) == 1
    (row,) = refused(client, batch)
    assert row["can_accept"] is False
    answer = client.post(f"/placements/{batch.placement.id}/cards/refused/{row['id']}/accept")
    assert (answer.status_code, "forgotten" in answer.text) == (409, True)
    assert client.post(f"/placements/{batch.placement.id}/cards/refused/{row['id']}/dismiss").status_code == 200


@pytest.mark.parametrize("path", ["signs/{id}/settle", "refused/{id}/accept", "refused/{id}/dismiss"])
def test_absent_doubts_are_not_found(client: RoleClient, tenant: Tenant, path: str) -> None:
    batch = make_cards(tenant, 1)
    whole = f"/placements/{batch.placement.id}/cards/{path.format(id=new_id())}"
    assert client.post(whole).status_code == 404
