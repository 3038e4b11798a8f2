"""What is printed for a place: posters for walls and shelves, cards for tables and clerks."""

from collections.abc import Iterator, Sequence

from core.sdk import Artifact, Code, Placement, Text
from core.sdk.posters import TABLE_CARDS_PER_PAGE, Poster, poster_sheet, table_card_sheet
from plugins.offline_store.settings import StoreSettings

PDF = "application/pdf"
POSTERS_PER_FILE = 20
CARDS_PER_FILE = 20 * TABLE_CARDS_PER_PAGE


def print_place(placement: Placement, codes: Sequence[Code], settings: StoreSettings) -> Iterator[Artifact]:
    """Table cards for every place; posters too where there is a wall: a page or card for each of its links."""
    posters = [_poster(placement, code, settings) for code in codes]
    if placement.detail.get("place") not in ("table", "staff"):
        for start in range(0, len(posters), POSTERS_PER_FILE):
            part = posters[start : start + POSTERS_PER_FILE]
            span = _span(start, len(part), len(posters))
            a4, a3 = (poster_sheet(part, title=placement.name, paper=paper) for paper in ("a4", "a3"))
            yield Artifact(
                name=f"poster-a4{span}.pdf", media_type=PDF, body=a4, title=Text(zh="海报 A4", en="Poster A4")
            )
            yield Artifact(
                name=f"poster-a3{span}.pdf", media_type=PDF, body=a3, title=Text(zh="海报 A3", en="Poster A3")
            )
    for start in range(0, len(posters), CARDS_PER_FILE):
        part = posters[start : start + CARDS_PER_FILE]
        yield Artifact(
            name=f"table-cards{_span(start, len(part), len(posters))}.pdf",
            media_type=PDF,
            body=table_card_sheet(part, title=placement.name),
            title=Text(zh="台卡（A6，四张一页）", en="Table cards (A6, four a page)"),
        )


def _poster(placement: Placement, code: Code, settings: StoreSettings) -> Poster:
    headline = str(placement.detail.get("headline") or settings.headline or placement.brand or placement.name)
    return Poster(
        url=code.url,
        headline=headline,
        brand="" if headline == placement.brand else placement.brand,
        lines=tuple(line for line in (settings.call_zh, settings.call_en) if line),
        foot=" · ".join(part for part in (placement.name, code.label) if part),
    )


def _span(start: int, count: int, total: int) -> str:
    return "" if count == total else f"-{start + 1:04}-{start + count:04}"
