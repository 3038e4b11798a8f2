"""Independent readers of what we print: a PDF renderer and a QR reader that are not ours."""

from typing import Any

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
