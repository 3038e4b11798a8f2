"""Posters for walls and cards for tables as PDF: one QR code each, large, with words that say what it opens."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from core.sdk.printing import qr_svg
from core.sdk.typesetting import set_pdf

TABLE_CARDS_PER_PAGE = 4
Paper = Literal["a4", "a3"]


@dataclass(frozen=True)
class Poster:
    """One poster or table card. `brand` stands small on top, `foot` small at the bottom (a shop, a table's number)."""

    url: str
    headline: str
    brand: str = ""
    lines: tuple[str, ...] = ()
    foot: str = ""


def poster_sheet(posters: Sequence[Poster], *, title: str, paper: Paper = "a4") -> bytes:
    """A page each on A4 or A3, as PDF; the same posters give the same bytes.

    The QR is 118 mm wide with its quiet zone on A4, 167 mm on A3, at level H: it is read from the other side of a
    counter, and with a logo of a fifth of its area stuck in its middle.
    """
    return set_pdf("poster.typ", {"title": title, "paper": paper, "posters": _drawn(posters)})


def table_card_sheet(cards: Sequence[Poster], *, title: str) -> bytes:
    """Table cards of A6, four to an A4 page with cut lines; the QR is 62 mm wide. Otherwise like `poster_sheet`."""
    return set_pdf("table_cards.typ", {"title": title, "cards": _drawn(cards)})


def _drawn(posters: Sequence[Poster]) -> list[dict[str, object]]:
    return [asdict(poster) | {"qr": qr_svg(poster.url, level="H")} for poster in posters]
