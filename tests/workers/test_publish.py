"""Cards are printed by a job; what is on paper can be scanned."""

import cv2
import numpy as np
import pypdfium2
import pytest

from core.db import reading
from core.files.service import open_file
from core.jobs.runner import run_pending
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import make_cards

pytestmark = pytest.mark.slow


def read_codes(pdf: bytes) -> list[str]:
    """What an independent reader finds on the first page."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_numpy()
    found, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(np.ascontiguousarray(image[:, :, :3]))
    assert found
    return [text for text in texts if text]


def test_printed_cards_can_be_scanned(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 10)
    job = client.post(f"/placements/{batch.placement.id}/publish").get_json()["job_id"]
    run_pending()
    assert client.get(f"/jobs/{job}").get_json()["result"] == {"artifacts": 1, "codes": 10}
    (artifact,) = client.get(f"/placements/{batch.placement.id}/artifacts").get_json()["items"]
    pdf = client.get(f"/files/{artifact['file_id']}").data
    addresses = {f"http://localhost/c/{serial}" for serial in batch.serials}
    scanned = set(read_codes(pdf))
    assert scanned <= addresses
    assert len(scanned) >= 5


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
