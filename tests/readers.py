"""Independent readers of what we print: a PDF renderer and a QR reader that are not ours."""

import re
from typing import Any
from urllib.parse import unquote

import numpy as np
import pypdfium2
import zxingcpp


def render_pages(pdf: bytes, *, scale: float = 4.0) -> list[Any]:
    """Each page as a grey picture."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [np.asarray(page.render(scale=scale, grayscale=True).to_pil()) for page in document]
    finally:
        document.close()


def read_qr_codes(picture: Any) -> set[str]:
    """The texts of all QR codes in a picture."""
    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return {found.text for found in zxingcpp.read_barcodes(picture, formats=kinds)}


def read_text(pdf: bytes) -> str:
    """The text of all pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def cover_middles(picture: Any, colour: int | None, *, share: float = 0.2) -> Any:
    """The picture with a square of `share` of its area laid on the middle of each QR code; None covers nothing."""
    if colour is None:
        return picture
    covered = np.array(picture)
    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for found in zxingcpp.read_barcodes(picture, formats=kinds):
        corners = [getattr(found.position, name) for name in ("top_left", "top_right", "bottom_left", "bottom_right")]
        width = corners[1].x - corners[0].x + 1
        half = round(width * share**0.5 / 2)
        x, y = sum(corner.x for corner in corners) // 4, sum(corner.y for corner in corners) // 4
        covered[y - half : y + half + 1, x - half : x + half + 1] = colour
    return covered


def read_svg_code(page: str) -> str:
    """The text of the first QR code that stands as SVG in a page, also in an address, drawn from its path by hand."""
    svg = re.search(r"<svg.*?</svg>", unquote(page), re.DOTALL)
    assert svg
    size = int(re.search(r'width="(\d+)"', svg.group()).group(1))  # type: ignore[union-attr]  # segno always says it
    scale = int(re.search(r"scale\((\d+)\)", svg.group()).group(1))  # type: ignore[union-attr]  # and this
    picture = np.full((size, size), 255, dtype=np.uint8)
    x = y = 0.0
    path = re.search(r' d="([^"]+)"', svg.group())
    assert path
    for step, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.group(1)):
        values = [float(number) for number in numbers.split()]
        if step == "h":
            top = int((y - 0.5) * scale)
            picture[top : top + scale, int(x * scale) : int((x + values[0]) * scale)] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if step == "M" else (x + values[0], y + values[1])
    return min(read_qr_codes(picture))
