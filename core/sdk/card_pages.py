"""Cards with artwork of one's own, and on other papers than the plain A4 sheet: the printing room's larger press."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from core.sdk.placements import Artwork
from core.sdk.printing import Card, qr_svg
from core.sdk.typesetting import set_pdf

CardFormat = Literal["a4", "single", "a6", "folded", "label"]
"""a4: ten cards of 85 x 54 mm a page; single: 90 x 54 mm with 3 mm bleed and crop marks; a6: 105 x 148 mm;
folded: 180 x 54 mm, folded to 90 x 54; label: 60 x 40 mm, one a page, for label rolls."""

QrPlace = Literal["left", "right", "middle", "bottom_left", "bottom_right"]
ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}


@dataclass(frozen=True)
class CardLook:
    """The paper, where the QR stands on the card, and the artwork of its sides, which fills them."""

    format: CardFormat = "a4"
    qr_place: QrPlace = "left"
    art: tuple[Artwork, ...] = ()


def card_pages(cards: Sequence[Card], *, title: str, look: CardLook) -> bytes:
    """PDF pages of these cards; the same cards and artwork give the same bytes.

    The QR is at level H and 34 mm wide with its quiet zone (50 mm on A6, 36 mm on labels and folded cards), on white:
    artwork never touches it. A back side is a page of its own behind each front, on A4 behind each page of fronts.
    """
    files = {f"{art.side}.{ENDINGS[art.media_type]}": art.body for art in look.art}
    drawn = [asdict(card) | {"qr": qr_svg(card.url, level="H")} for card in cards]
    sheet = {
        "title": title,
        "cards": drawn,
        "art": {art.side: f"{art.side}.{ENDINGS[art.media_type]}" for art in look.art},
        "look": {"format": look.format, "qr_place": look.qr_place},
    }
    return set_pdf("card_pages.typ", sheet, files=files)
