"""The page behind a printed card: looks on GET, redeems once on POST, refuses in plain words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from core import clock, settings
from core.consent.models import ConsentEntry
from core.contacts.models import Contact
from core.db import new_id, reading, writing
from core.ingest.shipper import Shipper
from core.placements.card_states import move_cards
from core.placements.cards import expire_answers
from core.placements.front_door import journal_folder, journal_key
from core.placements.models import CardCode, Redemption
from core.placements.service import archive_placement, find_placement
from core.tenants.models import Tenant
from core.touchpoints.models import Touchpoint
from tests.clients import RoleClient
from tests.factories.cards import Batch, make_cards

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0.50"
FORM = {"phone": "139 0000 0001", "consent": "1"}


@pytest.fixture
def batch(tenant: Tenant) -> Batch:
    return make_cards(tenant)


def states(tenant: Tenant) -> list[str]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(CardCode.state).order_by(CardCode.number)))


def touches(tenant: Tenant, kind: str) -> list[Touchpoint]:
    with reading(tenant.number) as session:
        return list(session.scalars(sa.select(Touchpoint).where(Touchpoint.kind == kind)))


def ship() -> None:
    config = settings.current()
    shipper = Shipper(journal_folder(config), journal_key(config))
    shipper.ship()
    shipper.close()


def test_looking_redeems_nothing(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    for _ in range(2):
        answer = client.get(f"/c/{batch.serials[0]}", headers={"User-Agent": PHONE})
        assert answer.status_code == 200
        assert 'method="post"' in answer.text
    assert states(tenant) == ["printed", "printed"]


def test_posting_redeems_and_records(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    client.get(f"/c/{batch.serials[0]}", headers={"User-Agent": PHONE})
    answer = client.post(f"/c/{batch.serials[0]}", data=FORM)
    assert (answer.status_code, "领取成功" in answer.text) == (200, True)
    assert states(tenant) == ["redeemed", "printed"]
    (touch,) = touches(tenant, "redeem")
    assert touch.placement_number == batch.placement.number
    with reading(tenant.number) as session:
        contact = session.scalars(sa.select(Contact).where(Contact.number == touch.contact_number)).one()
        assert contact.joined_at is not None
        consent = session.scalars(sa.select(ConsentEntry)).one()
        assert (consent.contact_number, consent.granted, consent.source) == (contact.number, True, "plugin")


def test_scan_and_redemption_are_one_person(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    client.get(f"/c/{batch.serials[0]}", headers={"User-Agent": PHONE})
    ship()
    client.post(f"/c/{batch.serials[0]}", data=FORM)
    (scan,), (redeem,) = touches(tenant, "scan"), touches(tenant, "redeem")
    with reading(tenant.number) as session:
        roots = {
            c.root
            for c in session.scalars(sa.select(Contact))
            if c.number in (scan.contact_number, redeem.contact_number)
        }
    assert len(roots) == 1


def test_second_redemption_is_refused_in_words(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    with clock.set_to(datetime(2026, 11, 5, 6, 30, tzinfo=UTC)):
        client.post(f"/c/{batch.serials[0]}", data=FORM)
    again = client.post(f"/c/{batch.serials[0]}", data={"phone": "13900000002"})
    assert again.status_code == 409
    assert "每张卡只能领一次" in again.text
    assert "2026年11月5日 14:30" in again.text
    assert len(touches(tenant, "redeem")) == 1


def test_used_card_offers_no_button(client: RoleClient, batch: Batch) -> None:
    client.post(f"/c/{batch.serials[0]}", data=FORM)
    seen = client.get(f"/c/{batch.serials[0]}")
    assert seen.status_code == 409
    assert 'method="post"' not in seen.text


def test_two_at_once_redeem_once(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    app = client.raw.application

    def post(number: int) -> int:
        return app.test_client().post(f"/c/{batch.serials[0]}", data={"phone": f"1390000000{number}"}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(post, range(4)))
    assert answers == [200, 409, 409, 409]
    with reading(tenant.number) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Redemption)) == 1


def test_mistyped_serial_is_told_from_an_unknown_one(client: RoleClient, batch: Batch) -> None:
    good = batch.serials[0]
    slip = ("1" if good[0] != "1" else "2") + good[1:]
    mistyped = client.get(f"/c/{slip}")
    assert (mistyped.status_code, "输错" in mistyped.text) == (404, True)
    assert f"{slip[:6]}-{slip[6:12]}-{slip[12:]}" in mistyped.text
    unknown = client.get("/c/000000000000000000")
    assert (unknown.status_code, "没有找到这张卡" in unknown.text) == (404, True)
    assert 'name="serial"' in mistyped.text


def test_serial_is_read_as_it_is_typed(client: RoleClient, batch: Batch) -> None:
    good = batch.serials[0]
    typed = f"{good[:6]}-{good[6:12]} {good[12:]}".lower()
    sent_on = client.get("/c/", query_string={"serial": typed})
    assert (sent_on.status_code, sent_on.location) == (303, f"/c/{good}")
    assert client.get(f"/c/{typed}").status_code == 200


def test_guessing_serials_is_slowed_down(client: RoleClient, batch: Batch) -> None:
    from core.placements.serials import card_serial

    guesses = [card_serial(b"guess", batch.placement.id, n) for n in range(40)]
    answers = [client.get(f"/c/{guess}").status_code for guess in guesses]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.parametrize("phone", ["", "12345", "not a number", "1390000000\x00", "1" * 300])
def test_bad_phone_is_asked_for_again(client: RoleClient, tenant: Tenant, batch: Batch, phone: str) -> None:
    answer = client.post(f"/c/{batch.serials[0]}", data={"phone": phone})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert states(tenant) == ["printed", "printed"]


def test_page_speaks_the_reader_s_language(client: RoleClient, batch: Batch) -> None:
    english = client.get(f"/c/{batch.serials[0]}", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "Thank you for your order" in english.text
    assert 'lang="en"' in english.text
    chosen = client.get(f"/c/{batch.serials[0]}?lang=zh", headers={"Accept-Language": "en"})
    assert "感谢你的购买" in chosen.text


def test_ended_offer_says_so(client: RoleClient, tenant: Tenant) -> None:
    ended = make_cards(tenant, name="Old", ends_at=datetime(2026, 11, 2, tzinfo=UTC))
    with clock.set_to(datetime(2026, 11, 3, tzinfo=UTC)):
        for answer in (client.get(f"/c/{ended.serials[0]}"), client.post(f"/c/{ended.serials[0]}", data=FORM)):
            assert (answer.status_code, "活动已经结束" in answer.text) == (410, True)
    with clock.set_to(datetime(2026, 11, 2, tzinfo=UTC) - timedelta(seconds=1)):
        assert client.get(f"/c/{ended.serials[0]}").status_code == 200


def test_archived_batch_is_closed(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    with writing(tenant.number) as session:
        archive_placement(session, find_placement(session, batch.placement.id))
    assert client.post(f"/c/{batch.serials[0]}", data=FORM).status_code == 410


def test_answers_are_sealed(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    client.post(f"/c/{batch.serials[0]}", data=FORM)
    with reading(tenant.number) as session:
        stored = session.scalars(sa.select(Redemption.answers)).one()
    assert stored is not None
    assert b"139" not in stored


def test_answers_are_forgotten_after_a_week(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    client.post(f"/c/{batch.serials[0]}", data=FORM)
    went = []
    for days in (6, 8):
        with clock.set_to(clock.now() + timedelta(days=days)), writing(tenant.number) as session:
            went.append(expire_answers(session))
    assert went == [0, 1]


def test_script_in_a_form_stays_text(client: RoleClient, batch: Batch) -> None:
    answer = client.post(f"/c/{batch.serials[0]}", data={"phone": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.text


def test_placement_counts_redemptions_and_contacts(client: RoleClient, batch: Batch) -> None:
    client.post(f"/c/{batch.serials[0]}", data=FORM)
    stats = client.get(f"/placements/{batch.placement.id}").get_json()["stats"]
    assert (stats["redeemed"], stats["contacts"]) == (1, 1)


def test_card_before_shipping_loses_nothing(client: RoleClient, tenant: Tenant) -> None:
    waiting = make_cards(tenant, 1, name="Waiting", detail={"only_after_shipping": True})
    early = client.get(f"/c/{waiting.serials[0]}", headers={"User-Agent": PHONE})
    assert (early.status_code, "包裹寄出后" in early.text, 'method="post"' in early.text) == (409, True, False)
    english = client.post(f"/c/{waiting.serials[0]}", data=FORM, headers={"Accept-Language": "en"})
    assert (english.status_code, "nothing is lost" in english.text) == (409, True)
    ship()
    assert len(touches(tenant, "scan")) == 1
    activate(tenant, waiting)
    assert client.post(f"/c/{waiting.serials[0]}", data=FORM).status_code == 200


def test_void_card_says_so(client: RoleClient, tenant: Tenant, batch: Batch) -> None:
    with writing(tenant.number) as session:
        move_cards(session, batch.placement.number, "void", range(1, 2), move=new_id())
    for answer in (client.get(f"/c/{batch.serials[0]}"), client.post(f"/c/{batch.serials[0]}", data=FORM)):
        assert (answer.status_code, "已经停用" in answer.text) == (410, True)
    assert client.post(f"/c/{batch.serials[1]}", data=FORM).status_code == 200


def activate(tenant: Tenant, batch: Batch) -> None:
    with writing(tenant.number) as session:
        move_cards(session, batch.placement.number, "activate", range(1, 100), move=new_id())
