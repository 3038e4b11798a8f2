"""The printable sheets of a batch of cards."""

from collections.abc import Iterator, Sequence

from core.sdk import Artifact, Code, Placement, Text, printed_serial, read_serial
from core.sdk.card_pages import CardLook, card_pages
from core.sdk.printing import CARDS_PER_PAGE, Card, card_sheet
from plugins.package_card.settings import CardBatch, CardSettings

CARDS_PER_FILE = 20 * CARDS_PER_PAGE


def print_sheets(placement: Placement, codes: Sequence[Code], settings: CardSettings) -> Iterator[Artifact]:
    """One PDF of twenty A4 pages after the other, named in the order of the cards."""
    for first in range(0, len(codes), CARDS_PER_FILE):
        part = codes[first : first + CARDS_PER_FILE]
        start, last = part[0].number or first + 1, part[-1].number or first + len(part)
        pdf = _set(placement, [_card(placement, code, settings) for code in part])
        yield Artifact(
            name=f"cards-{start:06}-{last:06}.pdf",
            media_type="application/pdf",
            body=pdf,
            title=Text(zh=f"包裹卡 {start}–{last}", en=f"Package cards {start} to {last}"),
        )


def _set(placement: Placement, cards: list[Card]) -> bytes:
    """The plain A4 sheet, or another paper, or artwork of one's own."""
    batch = CardBatch.model_validate(placement.detail)
    if batch.format == "a4" and batch.qr_place == "left" and not placement.art:
        return card_sheet(cards, title=placement.name)
    look = CardLook(format=batch.format, qr_place=batch.qr_place, art=placement.art)
    return card_pages(cards, title=placement.name, look=look)


def _card(placement: Placement, code: Code, settings: CardSettings) -> Card:
    serial = read_serial(code.serial)
    batch, sku = placement.detail.get("batch"), "" if code.label else placement.detail.get("sku")
    told = (
        f"No. {code.number}" if code.number else "",
        f"批次 {batch}" if batch else "",
        f"SKU {sku}" if sku else "",
    )
    return Card(
        url=code.url,
        serial=printed_serial(serial) if serial else "",
        title=settings.headline or placement.brand or placement.name,
        lines=tuple(line for line in (settings.call_zh, settings.call_en) if line),
        foot="  ·  ".join(part for part in told if part) + (f"\n{code.label}" if code.label else ""),
    )
