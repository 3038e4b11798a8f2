"""Artwork of one's own: drawn anew before it is kept, hostile files refused, and seen in the preview."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from core.db import reading
from core.errors import Invalid
from core.placements import pdf_art
from core.placements.pictures import clean_picture
from core.placements.publishing import prepare_printing
from core.placements.service import find_placement
from core.tenants.models import Tenant
from tests.clients import RoleClient
from tests.factories.cards import make_cards
from tests.factories.placements import make_placement
from tests.readers import read_qr_codes


def draw(kind: str = "PNG", *, width: int = 600, height: int = 400, colour: str = "#c33") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 900 megapixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_are_drawn_anew(kind: str) -> None:
    picture = clean_picture(draw(kind) + b"<script>alert(1)</script>PK\x03\x04")
    assert picture.media_type == f"image/{kind.lower()}"
    assert (picture.width, picture.height) == (600, 400)
    assert b"script" not in picture.body


def test_notes_inside_are_left_out() -> None:
    out, notes = io.BytesIO(), PngImagePlugin.PngInfo()
    notes.add_text("Comment", "shot at 31.2N 121.4E")
    Image.new("RGB", (300, 300)).save(out, "PNG", pnginfo=notes)
    assert b"121.4E" in out.getvalue()
    assert b"121.4E" not in clean_picture(out.getvalue()).body


HOSTILE = {
    "nothing": b"",
    "text": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "pdf": b"%PDF-1.7\n",
    "gif": draw("GIF"),
    "cut": draw()[:200],
    "bomb": bomb(),
    "small": draw(width=10, height=10),
}


def page(content: bytes = b"0.8 0.2 0.2 rg 0 0 300 200 re f", *, box: str = "0 0 300 200", count: int = 1) -> bytes:
    """A PDF written by hand, with as many pages of one content."""
    kids = " ".join(f"{4 + number} 0 R" for number in range(count))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while(1){}) >> >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode(),
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        *[f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 3 0 R >>".encode()] * count,
    ]
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj %s endobj\n" % (at, part) for at, part in enumerate(parts, 1))
    return body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF" % (len(parts) + 1)


def test_first_page_of_pdf_is_drawn() -> None:
    picture = clean_picture(page(count=3))
    assert (picture.media_type, picture.width, picture.height) == ("image/png", 1250, 834)
    with Image.open(io.BytesIO(picture.body)) as drawn:
        assert drawn.convert("RGB").getpixel((600, 400)) == (204, 51, 51)


def test_large_page_is_drawn_smaller() -> None:
    picture = clean_picture(page(box="0 0 3000 3000"))
    assert 36_000_000 < picture.width * picture.height <= 40_000_000


NESTED = b"<< " * 50_000
HOSTILE_PDFS = {
    "cut": page()[:60],
    "garbage": b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "no pages": page(count=0),
    "many pages": page(count=21),
    "a mile": page(box="0 0 200000 200"),
    "nested": b"%PDF-1.7\n1 0 obj " + NESTED + b" endobj trailer << /Root 1 0 R >>",
    "itself": b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >> endobj trailer << /Root 1 0 R >>",
    "small": page(box="0 0 20 20"),
}


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_hostile_pdfs_are_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        clean_picture(HOSTILE_PDFS[name])
    assert refusal.value.fields[0].path == "file"


def test_heavy_pdf_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_art, "PATIENCE", 0.01)
    with pytest.raises(Invalid, match="too heavy"):
        clean_picture(page())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused(client: RoleClient, tenant: Tenant, name: str) -> None:
    batch = make_cards(tenant, 1)
    answer = client.post(f"/placements/{batch.placement.id}/art/front", data=HOSTILE[name])
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["path"] == "file"
    assert client.get(f"/placements/{batch.placement.id}/art").get_json()["items"] == []


def test_large_files_are_refused(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    assert client.post(f"/placements/{batch.placement.id}/art/front", data=b"x" * (13 << 20)).status_code == 413


def test_side_that_nothing_has_is_absent(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    assert client.post(f"/placements/{batch.placement.id}/art/edge", data=draw()).status_code == 404
    assert client.delete(f"/placements/{batch.placement.id}/art/edge").status_code == 404


def test_artwork_is_kept_replaced_and_removed(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1)
    path = f"/placements/{batch.placement.id}/art"
    for width in (600, 700):
        assert client.post(f"{path}/front", data=draw(width=width)).status_code == 201
    client.post(f"{path}/back", data=draw("JPEG"))
    assert [(one["side"], one["width"]) for one in client.get(path).get_json()["items"]] == [
        ("front", 700),
        ("back", 600),
    ]
    with reading(tenant.number) as session:
        printing = prepare_printing(session, find_placement(session, batch.placement.id), base="http://localhost")
    assert [one.side for one in printing.placement.art] == ["front", "back"]
    assert client.delete(f"{path}/front").status_code == 200
    assert [one["side"] for one in client.get(path).get_json()["items"]] == ["back"]


def test_preview_shows_no_real_card(client: RoleClient, tenant: Tenant) -> None:
    batch = make_cards(tenant, 1, detail={"format": "single", "qr_place": "right"})
    client.post(f"/placements/{batch.placement.id}/art/front", data=draw())
    answer = client.get(f"/placements/{batch.placement.id}/preview.png")
    assert answer.content_type == "image/png"
    with Image.open(io.BytesIO(answer.data)) as picture:
        seen = np.asarray(picture.convert("L").resize((picture.width * 2, picture.height * 2)))
        assert picture.convert("RGB").getpixel((60, 60)) == (204, 51, 51)
    assert read_qr_codes(seen) == {"http://localhost/c/000000000000000000"}


def test_what_prints_nothing_has_no_preview(client: RoleClient, tenant: Tenant) -> None:
    assert client.get(f"/placements/{make_placement(tenant).id}/preview.png").status_code == 409
