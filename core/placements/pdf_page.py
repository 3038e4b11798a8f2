"""Draws the first page of a PDF, in a process of its own: a hostile file may crash, hang or eat memory, but only here.

Run as a file by `core.placements.pdf_art`: the PDF comes on standard input, a PNG goes to standard output. What was
wrong is told by the exit status. Nothing of the platform is imported, and the environment is empty.
"""

import contextlib
import io
import math
import resource
import sys

import pypdfium2

SECONDS, MEMORY = 20, 1_500 * 1024 * 1024
MOST_PAGES, MOST_POINTS, MOST_PIXELS = 20, 3_600.0, 39_000_000
DPI = 300
BROKEN, TOO_MANY_PAGES, TOO_LARGE = 3, 4, 5


def main() -> int:
    """Read, draw, write. Returns the exit status."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with contextlib.suppress(ValueError):  # macOS has no such limit; the others hold there
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if len(document) > MOST_PAGES:
            return TOO_MANY_PAGES
        page = document[0]
        width, height = page.get_size()
        if not (0 < width <= MOST_POINTS and 0 < height <= MOST_POINTS):
            return TOO_LARGE
        scale = min(DPI / 72, math.sqrt(MOST_PIXELS / (width * height)))
        drawn = io.BytesIO()
        page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB").save(drawn, "PNG")
    except (pypdfium2.PdfiumError, IndexError, ValueError, MemoryError, OSError):
        return BROKEN
    sys.stdout.buffer.write(drawn.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main())
