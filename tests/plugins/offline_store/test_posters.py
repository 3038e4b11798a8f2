"""Posters and table cards are read back from the printed page, also with a fifth of the code covered."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from core.sdk import Artifact, Code, Placement
from plugins.offline_store.plugin import StoreChannel
from plugins.offline_store.settings import StoreSettings
from tests.readers import cover_middles, read_qr_codes, read_text, render_pages

CODES = [
    Code(serial=code, url=f"https://go.example.com/t/{code}?q", label=label)
    for code, label in (("Ab12Cd34", "1 号桌"), ("Zz98Yx76", "2 号桌"), ("Q1w2E3r4", "3 号桌"))
]


def place(kind: str, **detail: str) -> Placement:
    return Placement(id="p1", name="静安店", brand="山野茶事", detail={"place": kind, **detail})


def printed(kind: str, codes: list[Code] = CODES, **detail: str) -> dict[str, Artifact]:
    made = StoreChannel().publish(place(kind, **detail), codes, StoreSettings(call_en="Scan to join"))
    return {artifact.name: artifact for artifact in made}


def pages(artifact: Artifact) -> list[Any]:
    return render_pages(artifact.body, scale=150 / 72)


def test_places_get_what_they_need() -> None:
    assert set(printed("store")) == {"poster-a4.pdf", "poster-a3.pdf", "table-cards.pdf"}
    assert set(printed("table")) == set(printed("staff")) == {"table-cards.pdf"}
    assert printed("store", []) == {}


@pytest.mark.parametrize("name", ["poster-a4.pdf", "poster-a3.pdf", "table-cards.pdf"])
def test_codes_are_read_back_covered_or_not(name: str) -> None:
    shown = pages(printed("store")[name])
    for colour in (None, 255, 0, 128):
        found = set().union(*(read_qr_codes(cover_middles(page, colour)) for page in shown))
        assert found == {code.url for code in CODES}


def test_pages_have_their_paper_size() -> None:
    a4, a3 = (pages(printed("store")[f"poster-{paper}.pdf"])[0].shape for paper in ("a4", "a3"))
    assert [round(side / 150 * 25.4) for side in (*a4, *a3)] == [297, 210, 420, 297]


def test_words_are_printed() -> None:
    text = read_text(printed("table", headline="扫码点单")["table-cards.pdf"].body)
    for words in ("扫码点单", "山野茶事", "静安店 · 2 号桌", "扫码入会，领到店礼", "Scan to join"):
        assert words in text


def test_hostile_words_stay_words() -> None:
    assert "#panic() $x$" in read_text(printed("table", headline="#panic() $x$")["table-cards.pdf"].body)


def test_long_runs_come_in_files() -> None:
    many = [CODES[0]] * 81
    assert list(printed("staff", many)) == ["table-cards-0001-0080.pdf", "table-cards-0081-0081.pdf"]


def test_covering_more_is_too_much() -> None:
    page = pages(printed("table")["table-cards.pdf"])[0]
    assert read_qr_codes(cover_middles(page, 255, share=0.4)) == set()


@pytest.mark.parametrize(("length", "colour"), list(product((30, 90, 100, 130, 150, 190), (255, 0))))
def test_longer_addresses_stay_coverable(length: int, colour: int) -> None:
    rng = np.random.default_rng(length)
    url = "https://go.example.com/" + "".join(rng.choice(list("abcdefgh0123456789"), length - 23))
    page = pages(printed("table", [Code(serial="x", url=url)])["table-cards.pdf"])[0]
    assert read_qr_codes(cover_middles(page, colour)) == {url}
