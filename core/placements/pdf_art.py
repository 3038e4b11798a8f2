"""A printer's PDF as artwork: its first page, drawn at 300 dpi by a child process that may fail alone."""

import subprocess
import sys
from pathlib import Path

from core.errors import FieldError, Invalid
from core.placements import pdf_page

MARK, WITHIN = b"%PDF-", 1024
PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff")
PATIENCE = pdf_page.SECONDS + 10.0
REFUSALS = {
    pdf_page.TOO_MANY_PAGES: (
        "too_many_pages",
        f"A PDF has at most {pdf_page.MOST_PAGES} pages; send one.",
    ),
    pdf_page.TOO_LARGE: (
        "page_size",
        "The PDF's first page is over 1.27 m; export it as it is printed.",
    ),
}
BROKEN = ("broken", "The PDF is broken, locked by a password, or too heavy to draw. Export it as PNG or JPEG instead.")


def is_pdf(raw: bytes) -> bool:
    """Whether a file says of itself that it is one; readers look for the mark in the first 1,024 bytes. What begins as
    a picture is one, whatever its notes say."""
    return MARK in raw[:WITHIN] and not raw.startswith(PICTURES)


def draw_first_page(raw: bytes) -> bytes:
    """The first page as a PNG.

    Raises:
        Invalid: it cannot be drawn, has too many pages, or a page of a size that nobody prints.
    """
    command = [sys.executable, "-I", str(Path(pdf_page.__file__))]
    try:
        child = subprocess.run(command, input=raw, capture_output=True, timeout=PATIENCE, env={}, check=False)  # noqa: S603 - our own interpreter and file
    except subprocess.TimeoutExpired:
        raise _refusal(*BROKEN) from None
    if child.returncode:
        raise _refusal(*REFUSALS.get(child.returncode, BROKEN))
    return child.stdout


def _refusal(code: str, message: str) -> Invalid:
    return Invalid(message, fields=[FieldError("file", code, message)])
