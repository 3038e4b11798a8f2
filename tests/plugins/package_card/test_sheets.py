"""What is printed can be read back by a reader that is not ours."""

import pytest

from core.sdk import Artifact, Code, Placement, printed_serial
from plugins.package_card.plugin import PackageCard
from plugins.package_card.settings import CardSettings
from tests.readers import cover_middles, read_qr_codes, read_text, render_pages

SERIALS = ["B1FPVYDDES6F5ZK9KT", "GA91W6B9XX8RP792WD", "00000000000000000" + "0"]
CODES = [Code(serial=serial, url=f"https://go.example.com/c/{serial}") for serial in SERIALS]
PLACEMENT = Placement(id="p1", name="双十一包裹卡", brand="思域好物", detail={"batch": "B2026-11", "sku": "A-100"})


def publish(codes: list[Code], settings: CardSettings | None = None) -> list[Artifact]:
    return list(PackageCard().publish(PLACEMENT, codes, settings or CardSettings()))


def test_printed_codes_are_read_back() -> None:
    pages = render_pages(publish(CODES)[0].body)
    assert read_qr_codes(pages[0]) == {code.url for code in CODES}


def test_codes_survive_a_stain() -> None:
    page = render_pages(publish(CODES[:1])[0].body)[0].copy()
    page[400:500, 420:520] = 255
    assert read_qr_codes(page) == {CODES[0].url}


@pytest.mark.parametrize("colour", [255, 0, 128])
def test_codes_survive_a_covered_fifth(colour: int) -> None:
    page = render_pages(publish(CODES)[0].body, scale=300 / 72)[0]
    assert read_qr_codes(cover_middles(page, colour)) == {code.url for code in CODES}


def test_words_and_serials_are_printed() -> None:
    text = read_text(publish(CODES, CardSettings(headline="会员礼", call_en="Scan for a gift"))[0].body)
    for words in ("会员礼", "扫码领取会员礼", "Scan for a gift", "B2026-11", "A-100", printed_serial(SERIALS[0])):
        assert words in text


def test_number_and_parcel_are_printed() -> None:
    card = CODES[0].model_copy(update={"number": 417, "label": "#12  …105001  B-2"})
    (sheet,) = publish([card])
    text = read_text(sheet.body)
    assert all(words in text for words in ("No. 417", "#12", "…105001", "B-2"))
    assert "A-100" not in text
    assert sheet.name == "cards-000417-000417.pdf"


def test_brand_stands_in_for_headline() -> None:
    assert "思域好物" in read_text(publish(CODES[:1])[0].body)


def test_hostile_words_stay_words() -> None:
    evil = "#panic() $x$"
    assert evil in read_text(publish(CODES[:1], CardSettings(headline=evil))[0].body)


def test_same_cards_give_same_bytes() -> None:
    assert publish(CODES) == publish(CODES)


def test_eleven_cards_take_two_pages() -> None:
    artifact = publish([CODES[0]] * 11)[0]
    assert len(render_pages(artifact.body, scale=0.2)) == 2
    assert artifact.name == "cards-000001-000011.pdf"


def test_no_codes_print_nothing() -> None:
    assert publish([]) == []


@pytest.mark.slow
def test_long_runs_come_in_files() -> None:
    names = [artifact.name for artifact in publish([CODES[0]] * 201)]
    assert names == ["cards-000001-000200.pdf", "cards-000201-000201.pdf"]
