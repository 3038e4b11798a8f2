"""The printing room that several plugins share: QR codes, and sheets of cards as PDF with Chinese text."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import segno
from segno.encoder import DataOverflowError

from core.sdk.typesetting import set_pdf

CARDS_PER_PAGE = 10
QrLevel = Literal["L", "M", "Q", "H"]

COVERABLE_VERSIONS = (9, 10, 11, 12, 14)
"""QR versions that are still read at level H when a square of a fifth of the code's area, in its middle, is covered.

Measured with zxing-cpp over white, black, grey and noise: smaller codes lose too many of their few codewords with such
a square, and 13 and 15 lose too many of one block."""


@dataclass(frozen=True)
class Card:
    """One card of 85 x 54 mm: what its QR opens, the serial below it, and the words beside it."""

    url: str
    serial: str
    title: str
    lines: tuple[str, ...] = ()
    foot: str = ""


def qr_svg(text: str, *, level: QrLevel = "Q", scale: int = 4) -> str:
    """A QR code as SVG with its quiet zone of four modules.

    `level` is the error correction: Q for screens, H for what is printed. At H the code also survives a stain, a
    sticker or a logo over a fifth of its area, in its middle (up to 194 bytes; longer texts get the smallest code
    that holds them). Raises ValueError when `text` is too long for any code.
    """
    out = io.BytesIO()
    code = _coverable(text) if level == "H" else segno.make_qr(text, error=level, boost_error=False)
    code.save(out, kind="svg", border=4, scale=scale, xmldecl=False)
    return out.getvalue().decode()


def card_sheet(cards: Sequence[Card], *, title: str, level: QrLevel = "H") -> bytes:
    """Cards on A4 pages of ten, as PDF; the same cards give the same bytes. About 16 ms a card: keep files small.

    The printed QR is 34 mm wide with its quiet zone.
    """
    drawn = [asdict(card) | {"qr": qr_svg(card.url, level=level)} for card in cards]
    return set_pdf("card_sheet.typ", {"title": title, "cards": drawn})


def _coverable(text: str) -> segno.QRCode:
    for version in COVERABLE_VERSIONS:
        try:
            return segno.make_qr(text, error="H", boost_error=False, version=version)
        except DataOverflowError:
            continue
    return segno.make_qr(text, error="H", boost_error=False)
