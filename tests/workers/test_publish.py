"""Cards are printed by a job; what is on paper can be scanned."""

import pytest

from core.db import new_id, reading, writing
from core.files.service import open_file
from core.jobs.runner import run_pending
from core.placements.card_states import move_cards
from core.placements.publishing import prepare_printing
from core.placements.service import find_placement
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import make_cards
from tests.readers import read_qr_codes, render_pages

pytestmark = pytest.mark.slow


def test_printed_cards_can_be_scanned(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 10)
    job = client.post(f"/placements/{batch.placement.id}/publish").get_json()["job_id"]
    run_pending()
    assert client.get(f"/jobs/{job}").get_json()["result"] == {"artifacts": 1, "codes": 10}
    (artifact,) = client.get(f"/placements/{batch.placement.id}/artifacts").get_json()["items"]
    pdf = client.get(f"/files/{artifact['file_id']}").data
    addresses = {f"http://localhost/c/{serial}" for serial in batch.serials}
    scanned = read_qr_codes(render_pages(pdf)[0])
    assert scanned == addresses


def test_printing_again_replaces_the_sheet(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 2)
    sheets = []
    for _ in range(2):
        client.post(f"/placements/{batch.placement.id}/publish")
        run_pending()
        (artifact,) = client.get(f"/placements/{batch.placement.id}/artifacts").get_json()["items"]
        with reading(tenant.number) as session:
            sheets.append(b"".join(open_file(session, artifact["file_id"]).chunks()))
    assert sheets[0] == sheets[1]


def test_void_cards_are_not_printed_again(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 3)
    with writing(tenant.number) as session:
        move_cards(session, batch.placement.number, "void", range(2, 3), move=new_id())
        printing = prepare_printing(session, find_placement(session, batch.placement.id), base="http://localhost")
    assert [(code.number, code.serial) for code in printing.codes] == [(1, batch.serials[0]), (3, batch.serials[2])]
