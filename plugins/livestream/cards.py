"""What is printed and posted for a session: the card that stands before the camera, and words to paste."""

from collections.abc import Iterator, Sequence

from core.sdk import Artifact, Code, Placement, Text
from core.sdk.posters import Poster, poster_sheet

MOST_LINES = 4


def print_session(placement: Placement, codes: Sequence[Code], headline: str) -> Iterator[Artifact]:
    """A sheet of cards with the claim page's QR (level H, as it is filmed and printed small), and the text to paste."""
    posters = [
        Poster(url=code.url, headline=headline, brand=placement.brand, lines=_lines(placement), foot=_foot(placement))
        for code in codes
    ]
    if not posters:
        return
    yield Artifact(
        name="host-cards.pdf",
        media_type="application/pdf",
        body=poster_sheet(posters, title=placement.name),
        title=Text(zh="主播卡", en="Host's cards"),
    )
    yield Artifact(
        name="to-paste.txt",
        media_type="text/plain; charset=utf-8",
        body=_paste(placement, codes[0], headline).encode(),
        title=Text(zh="可粘贴的文字", en="Words to paste"),
    )


def _lines(placement: Placement) -> tuple[str, ...]:
    """The spoken code first: it is what the viewer must read off the screen."""
    spoken = _text(placement, "spoken")
    products = [line.strip() for line in _text(placement, "products").splitlines() if line.strip()]
    return tuple([f"口令 Code: {spoken}"] if spoken else []) + tuple(products[:MOST_LINES])


def _foot(placement: Placement) -> str:
    return "  ·  ".join(part for part in (_text(placement, "host"), placement.name) if part)


def _paste(placement: Placement, code: Code, headline: str) -> str:
    spoken = _text(placement, "spoken")
    said = f"，填口令“{spoken}”" if spoken else ""
    said_en = f" and enter the code “{spoken}”" if spoken else ""
    return f"{headline}：打开 {code.url}{said}即可领取。\n{headline}: open {code.url}{said_en} to claim.\n"


def _text(placement: Placement, name: str) -> str:
    return str(placement.detail.get(name) or "")
