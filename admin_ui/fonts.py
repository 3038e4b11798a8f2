"""The Chinese webfont: Noto Sans SC cut to GB2312 and Latin, made once per machine because it is too big to commit."""

from pathlib import Path

TARGET = Path(__file__).parent / "static" / "siyu-sans.woff"
LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2190, 0x21A0),
)
# Signs that texts of the UI use and GB2312 lacks.
EXTRA = "—…·×÷≥≤≈″′●○■□▲△▼▽◆◇★☆✓✕→←↑↓"


def build() -> Path:
    """Make the font unless it is there, and return where it is. WOFF, since WOFF2 takes 20 s more for 200 kB less."""
    if TARGET.is_file() and TARGET.stat().st_size > 0:
        return TARGET
    import pylopdf_fonts_zh_cn
    from fontTools import subset

    options = subset.Options(flavor="woff", layout_features=["kern", "liga", "tnum", "locl"], hinting=False)
    source = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    unfinished = TARGET.with_suffix(".part")
    subset.save_font(font, str(unfinished), options)
    unfinished.replace(TARGET)
    return TARGET


def characters() -> set[int]:
    """Code points the font holds: Latin, the 7,445 of GB2312, and a few signs."""
    rows = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    chinese = {ord(pair.decode("gb2312")) for pair in rows if _is_assigned(pair)}
    return chinese | set(LATIN) | {ord(sign) for sign in EXTRA}


def _is_assigned(pair: bytes) -> bool:
    try:
        pair.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    build()
