"""Pictures from outside: judged by what they are, not by their name, and drawn anew before they are kept."""

import io
import warnings
from dataclasses import dataclass
from typing import Literal

from PIL import Image, UnidentifiedImageError

from core.errors import FieldError, Invalid
from core.placements.pdf_art import draw_first_page, is_pdf

LARGEST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_SIDE = 200
MediaType = Literal["image/png", "image/jpeg"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that holds nothing but its pixels."""

    media_type: MediaType
    body: bytes
    width: int
    height: int


def clean_picture(raw: bytes) -> Picture:
    """A PNG or JPEG, or the first page of a PDF, drawn anew: whatever else it held (a script, a file) is gone.

    Raises:
        Invalid: it is no whole PNG, JPEG or PDF, or too large or too small to print.
    """
    if len(raw) > LARGEST_BYTES:
        raise _refusal("too_large", f"A picture has at most {LARGEST_BYTES >> 20} MB.")
    if is_pdf(raw):
        raw = draw_first_page(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise _refusal("too_many_pixels", f"A picture has at most {MOST_PIXELS // 1_000_000} megapixels.")
                if min(width, height) < LEAST_SIDE:
                    raise _refusal("too_small", f"Each side needs at least {LEAST_SIDE} pixels to print.")
                return _draw_anew(picture)
    except UnidentifiedImageError:
        raise _refusal(
            "not_a_picture", "Send a PNG, JPEG or PDF; export other files (AI, PSD) as one of these."
        ) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _refusal("broken", "The picture is broken or cut off.") from None


def _draw_anew(picture: Image.Image) -> Picture:
    out = io.BytesIO()
    if picture.format == "JPEG":
        picture.convert("RGB").save(out, "JPEG", quality=92)
        return Picture("image/jpeg", out.getvalue(), *picture.size)
    picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB").save(out, "PNG")
    return Picture("image/png", out.getvalue(), *picture.size)


def _refusal(code: str, message: str) -> Invalid:
    return Invalid(message, fields=[FieldError("file", code, message)])
