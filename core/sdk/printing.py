"""The printing room that several plugins share: QR codes, and sheets of cards as PDF with Chinese text."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn
import segno
import typst

CARDS_PER_PAGE = 10
QrLevel = Literal["L", "M", "Q", "H"]


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

    `level` is the error correction: Q for screens and posters, H for what is scratched and folded. Raises
    ValueError when `text` is too long for any code.
    """
    out = io.BytesIO()
    segno.make_qr(text, error=level, boost_error=False).save(out, kind="svg", border=4, scale=scale, xmldecl=False)
    return out.getvalue().decode()


def card_sheet(cards: Sequence[Card], *, title: str, level: QrLevel = "H") -> bytes:
    """Cards on A4 pages of ten, as PDF; the same cards give the same bytes. About 16 ms a card: keep files small.

    The printed QR is 34 mm wide with its quiet zone. Text is set in Noto Sans SC, so nothing depends on the
    fonts of the machine; characters outside it print as boxes.
    """
    sheet = {
        "title": title,
        "cards": [asdict(card) | {"qr": qr_svg(card.url, level=level)} for card in cards],
    }
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_font_folder()])
    compiler = typst.Compiler(
        resources.files("core.sdk").joinpath("card_sheet.typ").read_bytes(),
        font_paths=fonts,
        sys_inputs={"sheet": json.dumps(sheet)},
    )
    pdf = compiler.compile(timestamp=0)
    if not isinstance(pdf, bytes):
        raise ValueError("typst made no single file of the sheet")
    return pdf


def _font_folder() -> str:
    return str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)
