"""Every print format and place of the QR is read back, also with a fifth of it covered, with artwork and without."""

import io

import numpy as np
import pytest
from PIL import Image

from core.sdk import Code, Placement
from core.sdk.placements import Artwork
from plugins.package_card.plugin import PackageCard
from plugins.package_card.settings import CardSettings
from tests.readers import cover_middles, read_qr_codes, read_text, render_pages

SERIALS = ["B1FPVYDDES6F5ZK9KT", "GA91W6B9XX8RP792WD"]
CODES = [
    Code(serial=serial, url=f"https://go.example.com/c/{serial}", number=number, label="#12  …105001  B-2")
    for number, serial in enumerate(SERIALS, 1)
]
MILLIMETRE = 72 / 25.4
PRINT = 300 / 72
PAPER = {"single": (106, 70), "a6": (105, 148), "folded": (180, 54), "label": (60, 40), "a4": (210, 297)}


def noise(seed: int) -> bytes:
    """Artwork as restless as a QR code itself."""
    out = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 255, (120, 180, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((900, 600), Image.Resampling.NEAREST).save(out, "JPEG")
    return out.getvalue()


ART = (
    Artwork(side="front", media_type="image/jpeg", body=noise(1)),
    Artwork(side="back", media_type="image/jpeg", body=noise(2)),
)


def publish(paper: str, *, place: str = "left", art: tuple[Artwork, ...] = ()) -> bytes:
    detail = {"batch": "B-11", "sku": "A-1", "format": paper, "qr_place": place}
    placement = Placement(id="p1", name="双十一", brand="思域好物", detail=detail, art=art)
    (artifact,) = PackageCard().publish(placement, CODES, CardSettings())
    return artifact.body


@pytest.mark.parametrize("art", [(), ART], ids=["plain", "art"])
@pytest.mark.parametrize("paper", PAPER)
def test_formats_are_read_with_a_fifth_covered(paper: str, art: tuple[Artwork, ...]) -> None:
    pages = render_pages(publish(paper, art=art), scale=PRINT)
    for colour in (None, 255, 0):
        found = set().union(*(read_qr_codes(cover_middles(page, colour)) for page in pages))
        assert found == {code.url for code in CODES}


@pytest.mark.parametrize("place", ["right", "middle", "bottom_left", "bottom_right"])
@pytest.mark.parametrize("paper", ["single", "a6", "a4"])
def test_places_are_read_on_artwork(paper: str, place: str) -> None:
    pages = render_pages(publish(paper, place=place, art=ART), scale=PRINT)
    found = set().union(*(read_qr_codes(cover_middles(page, 128)) for page in pages))
    assert found == {code.url for code in CODES}


@pytest.mark.parametrize(("paper", "size"), PAPER.items())
def test_papers_have_their_size(paper: str, size: tuple[int, int]) -> None:
    height, width = render_pages(publish(paper), scale=4)[0].shape
    assert (width, height) == pytest.approx([side * MILLIMETRE * 4 for side in size], abs=4)


@pytest.mark.parametrize(
    ("paper", "plain", "with_back"), [("single", 2, 4), ("a6", 2, 4), ("a4", 1, 2), ("folded", 4, 4)]
)
def test_backs_are_pages_of_their_own(paper: str, plain: int, with_back: int) -> None:
    assert len(render_pages(publish(paper), scale=0.5)) == plain
    assert len(render_pages(publish(paper, art=ART), scale=0.5)) == with_back


def test_single_cards_bleed_and_have_crop_marks() -> None:
    page = render_pages(publish("single", art=ART), scale=PRINT)[0]
    height, width = page.shape
    mm = width / 106
    in_bleed, in_slug = page[height // 2, int(6 * mm)], page[height // 2, int(2 * mm)]
    assert in_slug == 255
    assert page[int(6 * mm), int(20 * mm) : int(80 * mm)].std() > 20  # the artwork reaches beyond the trim
    assert in_bleed != 255 or page[height // 2 + 9, int(6 * mm)] != 255
    mark = page[int(1 * mm) : int(3 * mm), int(7.5 * mm) : int(8.5 * mm)]
    assert mark.min() < 128  # a line that ends above the bleed, at the trim's left edge


@pytest.mark.parametrize("paper", PAPER)
def test_serial_number_and_parcel_are_printed(paper: str) -> None:
    text = read_text(publish(paper)).replace("\r\n", " ")
    for words in ("B1FPVY", "No. 1", "#12"):
        assert words in text


def test_same_artwork_gives_the_same_bytes() -> None:
    assert publish("single", art=ART) == publish("single", art=ART)
